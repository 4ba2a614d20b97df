from pydantic import SecretStr

from openviber_app.api.profile_payloads import PasswordIn, ProfilePatch, secret_of


def test_a_password_is_shown_by_no_print() -> None:
    body = PasswordIn.model_validate({"currentPassword": "old words", "newPassword": "new words"})
    assert "words" not in repr(body)
    assert repr(secret_of(SecretStr("old words"))) == "Secret(••••)"


def test_what_is_left_out_is_left_as_it_is() -> None:
    patch = ProfilePatch.model_validate({"name": "Ada"})
    assert (patch.email, secret_of(patch.current_password)) == (None, None)
