"""What changed since a prepare, in words."""

import pytest

from openviber_app.domain.stale import changes_in_words


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ([], "its settings"),
        (["branch"], "the branch"),
        (["setup mode", "setup script"], "how it is set up and the set-up script"),
        (["variable A", "secret B", "image"], "the variable A, the secret B and the image"),
        (
            ["branch", "variable A", "variable B", "variable C", "secret D"],
            "the branch, the variable A, the variable B and 2 more",
        ),
    ],
)
def test_every_change_is_named_and_many_are_counted(reasons: list[str], words: str) -> None:
    assert changes_in_words(reasons) == words
