"""Tests of `openviber_app.ui.dialogs.share`."""

from openviber_app.ui.dialogs.share import share_dialog


def test_the_dialog_holds_the_sharing_of_the_selected_environment() -> None:
    shown = str(share_dialog())
    assert 'id:"share"' in shown
    assert "Sharing" in shown
