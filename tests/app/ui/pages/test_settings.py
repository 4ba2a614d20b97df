from openviber_app.ui.pages.settings import settings


def test_the_settings_stand_in_the_frame() -> None:
    shown = str(settings())
    assert '"Settings"' in shown
    assert shown.count('jsx("main"') == 1
