"""Tests of `openviber_app.services.environment_deeds`."""

from dataclasses import replace

from sqlmodel import select

from openviber_app.domain.draft_values import SecretChange, VariableDraft
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType
from openviber_app.domain.secret import Secret
from openviber_app.domain.sharing import Access
from openviber_app.services import environments, secrets, shares
from openviber_app.services.runtime import Runtime
from openviber_app.store.trust_tables import AuditEvent
from tests.support.board import People


async def events(runtime: Runtime) -> list[AuditEvent]:
    async with runtime.store.read() as db:
        query = select(AuditEvent).order_by(AuditEvent.id)  # pyright: ignore[reportArgumentType]
        rows = (await db.execute(query)).scalars()
        return [row for row in rows if row.target_kind in {"environment", "secret"}]


async def test_saves_are_told_by_names_and_never_by_values(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    draft = EnvironmentDraft(name="api", type=EnvironmentType.MANUAL)
    key = (await environments.create_environment(runtime, alice, draft)).row.id
    changed = replace(
        draft,
        description="canary-words",
        variables=(VariableDraft("PLAIN", "canary-plain"),),
        secrets=(SecretChange(key="TOKEN", value=Secret("canary-secret")),),
    )
    await environments.save_environment(runtime, alice, environment_id=key, draft=changed)
    gone = replace(changed, secrets=(SecretChange(key="TOKEN", is_deleted=True),))
    await environments.save_environment(runtime, alice, environment_id=key, draft=gone)
    await environments.delete_environment(runtime, alice, environment_id=key)
    told = await events(runtime)
    assert [(event.action, event.target_name) for event in told] == [
        ("environment.created", "api"),
        ("secret.set", "TOKEN"),
        ("environment.saved", "api"),
        ("secret.deleted", "TOKEN"),
        ("environment.saved", "api"),
        ("environment.deleted", "api"),
    ]
    assert told[1].facts["version"] == told[3].facts["version"] == 1
    assert told[2].facts == {"fields": ["description", "variables"], "version": 2}
    assert told[4].facts["fields"] == []
    assert "canary" not in "".join(str(event.facts) for event in told)


async def test_what_an_editor_seals_is_bound_to_the_owner_and_opens(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    draft = EnvironmentDraft(name="api", type=EnvironmentType.MANUAL)
    key = (await environments.create_environment(runtime, alice, draft)).row.id
    await shares.put_share(runtime, alice, environment_id=key, email=bob.email, role=Access.EDITOR)
    changed = replace(draft, secrets=(SecretChange(key="TOKEN", value=Secret("by the editor")),))
    view = await environments.save_environment(runtime, bob, environment_id=key, draft=changed)
    assert view.secrets[0].set_by == bob.user_id
    assert secrets.names_of(view.row, view.secrets[0]).user_id == alice.user_id
    async with runtime.store.read() as db:
        opened = await secrets.open_for_node(runtime, db, key)
    assert opened.variables["TOKEN"]["value"] == "by the editor"
