import pytest
from pydantic import ValidationError

from openviber_app.api.people_payloads import InviteIn, MemberOut, NewInvite, RoleIn


def test_an_invite_is_for_a_member_unless_it_says_more_and_never_for_an_owner() -> None:
    assert InviteIn.model_validate({}).role == "member"
    with pytest.raises(ValidationError):
        InviteIn.model_validate({"role": "owner"})
    assert RoleIn.model_validate({"role": "owner"}).role == "owner"


def test_nobody_is_shown_with_a_password_and_only_a_new_invite_has_a_link() -> None:
    assert "password" not in " ".join(MemberOut.model_fields)
    assert set(NewInvite.model_fields) == {"invite", "link"}
