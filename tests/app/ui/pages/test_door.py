import re

from openviber_app.api.account_payloads import SetupIn, SignInIn
from openviber_app.domain.people import PASSWORD_MIN
from openviber_app.ui.pages import door


def names_in(shown: str) -> set[str]:
    return set(re.findall(r'name:"(\w+)"', shown))


def test_the_set_up_form_asks_for_what_the_api_takes() -> None:
    shown = str(door.setup())
    assert names_in(shown) == {field.alias or name for name, field in SetupIn.model_fields.items()}
    assert 'action:"/api/setup"' in shown
    assert 'type:"password"' in shown


def test_the_sign_in_form_asks_for_what_the_api_takes() -> None:
    shown = str(door.sign_in())
    assert names_in(shown) == {field.alias or name for name, field in SignInIn.model_fields.items()}
    assert 'autoComplete:"current-password"' in shown


def test_the_set_up_form_knows_how_long_a_password_is() -> None:
    assert f"minLength:{PASSWORD_MIN}" in str(door.setup())
