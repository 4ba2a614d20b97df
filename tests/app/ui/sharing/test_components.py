"""Tests of `openviber_app.ui.sharing.components`."""

from openviber_app.ui.sharing.components import leave, sharing


def test_both_parts_know_their_environment() -> None:
    for made in (sharing(environment="e"), leave(environment="e", name="api")):
        assert 'environment:"e"' in str(made)
