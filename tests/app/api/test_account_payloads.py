from datetime import UTC, datetime

from openviber_app.api.account_payloads import PersonIn, PersonOut, SetupIn, TokenOut
from openviber_app.domain.actors import Actor
from openviber_app.domain.ids import new_id
from openviber_app.domain.scopes import Scope
from openviber_app.domain.secret import Secret
from openviber_app.services.api_tokens import TokenView

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_password_is_in_no_text_form_of_a_body() -> None:
    body = SetupIn.model_validate(
        {"name": "Ada", "email": "ada@example.test", "password": "correct horse", "code": "x"}
    )
    assert "correct" not in repr(body)
    assert "correct" not in body.model_dump_json()
    assert body.draft().password == Secret("correct horse")


def test_a_person_is_shown_without_a_password() -> None:
    actor = Actor(user_id=new_id(), name="Ada", email="ada@example.test", role="owner")
    assert set(PersonOut.of(actor).model_dump()) == {"id", "name", "email", "role"}
    assert "password" in PersonIn.model_fields


def test_a_token_is_shown_without_its_value() -> None:
    view = TokenView(
        id=new_id(),
        name="ci",
        scopes=(Scope.READ,),
        created_at=NOW,
        expires_at=None,
        last_used_at=None,
    )
    assert TokenOut.of(view).model_dump(mode="json") == {
        "id": str(view.id),
        "name": "ci",
        "scopes": ["read"],
        "createdAt": "2026-11-23T12:00:00Z",
        "expiresAt": None,
        "lastUsedAt": None,
    }
