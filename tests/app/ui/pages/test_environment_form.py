from openviber_app.ui.pages.environment_form import edit_environment, new_environment


def test_both_pages_hold_the_form_and_one_main_place() -> None:
    for page in (new_environment, edit_environment):
        shown = str(page())
        assert "EnvironmentForm" in shown
        assert shown.count('jsx("main"') == 1
