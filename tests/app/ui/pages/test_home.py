from openviber_app.ui.pages.home import home


def test_an_empty_board_offers_the_first_step() -> None:
    assert "Create environment" in str(home())
