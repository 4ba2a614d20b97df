from datetime import UTC, datetime

from openviber_app.api.environment_payloads import EnvironmentDetail, EnvironmentIn, SecretOut
from openviber_app.domain.drafts import EnvironmentDraft
from openviber_app.domain.ids import new_id
from openviber_app.domain.pills import Pill
from openviber_app.domain.secret import Secret
from openviber_app.services.environments import EnvironmentView, State
from openviber_app.store.tables import Environment, EnvironmentSecret

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BODY = {
    "name": "E",
    "type": "manual",
    "secrets": [{"key": "TOKEN", "value": "hunter2-secret", "scope": "setup"}],
}


def test_a_body_becomes_a_draft_with_every_field_of_it() -> None:
    draft = EnvironmentIn.model_validate(BODY).draft()
    assert draft.secrets[0].value == Secret("hunter2-secret")
    fields = set(EnvironmentIn.model_fields) - {"version"}
    assert fields == set(EnvironmentDraft.__slots__)


def test_a_secret_is_in_no_text_form_of_a_body() -> None:
    body = EnvironmentIn.model_validate(BODY)
    assert "hunter2" not in repr(body)
    assert "hunter2" not in body.model_dump_json()


def test_nothing_of_a_secrets_value_is_shown() -> None:
    row = Environment(user_id=new_id(), name="E", type="manual", created_at=NOW, updated_at=NOW)
    sealed = EnvironmentSecret(
        environment_id=row.id,
        key="TOKEN",
        encrypted_value=b"\1sealed-bytes",
        kms_key_id="local:a:1",
        created_at=NOW,
    )
    view = EnvironmentView(
        row=row, variables=(), secrets=(sealed,), state=State(pill=Pill.UNMAPPED)
    )
    shown = EnvironmentDetail.of_view(view).model_dump_json()
    assert "sealed-bytes" not in shown
    assert "local:a:1" not in shown
    assert set(SecretOut.model_fields) == {
        "key", "scope", "purpose", "is_set", "updated_at", "set_by",
    }  # fmt: skip
