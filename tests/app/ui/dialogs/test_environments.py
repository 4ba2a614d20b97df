from openviber_app.ui.dialogs.environments import environments_dialog


def test_the_switcher_lists_environments_and_offers_another() -> None:
    shown = str(environments_dialog())
    assert "EnvironmentChoice" in shown
    assert "Create" in shown
