import re

from openviber_app.api.environment_payloads import EnvironmentIn
from openviber_app.ui.pages import workspace


def test_the_form_of_an_environment_has_only_fields_of_the_api() -> None:
    shown = str(workspace.home())
    known = {field.alias or name for name, field in EnvironmentIn.model_fields.items()}
    asked = set(re.findall(r'name:"(\w+)"', shown)) - {"nodeId"}
    assert asked
    assert asked <= known


def test_a_thread_has_a_timeline_and_a_composer() -> None:
    shown = str(workspace.thread())
    assert "Timeline" in shown
    assert "Composer" in shown


def test_a_page_has_one_main_place_to_skip_to() -> None:
    for page in (workspace.home, workspace.environment, workspace.thread):
        shown = str(page())
        assert shown.count('jsx("main"') == 1
        assert 'to:"#main"' in shown
