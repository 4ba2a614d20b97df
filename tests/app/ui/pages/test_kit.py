from openviber_app.ui.pages.kit import STATES, kit


def test_every_state_is_shown_in_words() -> None:
    shown = str(kit())
    for words in STATES.values():
        assert words in shown
