from openviber_app.ui.pages.home import home


def test_an_empty_board_offers_the_first_steps() -> None:
    assert "FirstSteps" in str(home())


def test_a_board_in_use_offers_the_composer_and_the_last_threads() -> None:
    shown = str(home())
    assert "Composer" in shown
    assert "RecentThreads" in shown
