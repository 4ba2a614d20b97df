import re

from openviber_app.api.environment_payloads import EnvironmentIn
from openviber_app.ui.dialogs.new_environment import new_environment_dialog


def test_the_form_of_an_environment_has_only_fields_of_the_api() -> None:
    known = {field.alias or name for name, field in EnvironmentIn.model_fields.items()}
    asked = set(re.findall(r'name:"(\w+)"', str(new_environment_dialog())))
    assert asked
    assert asked <= known
