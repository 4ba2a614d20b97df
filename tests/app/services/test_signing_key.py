"""The board's signing key is changed by an owner, and the change is written down."""

import pytest
from sqlmodel import select

from openviber_app.domain.errors import ForbiddenError
from openviber_app.services import signing_key
from openviber_app.services.runtime import Runtime
from openviber_app.store.trust_tables import AuditEvent
from openviber_app.vault.vault import Vault
from tests.support.board import People


def over(old: str, new: str) -> bytes:
    return f"{old} > {new}".encode()


async def test_a_change_is_kept_told_and_written_down(runtime: Runtime, people: People) -> None:
    first = await signing_key.get_hub_key(runtime)
    assert (first.since, first.earlier_key_ids, first.nodes) == (None, (), ())
    actor = people.alice.actor
    second = await signing_key.rotate_hub_key(runtime, actor, signed_over=over, client="::1")
    assert second.earlier_key_ids == (first.key_id,)
    assert second.since is not None
    assert Vault.open(runtime.settings.data).hub_key_id == second.key_id
    async with runtime.store.read() as db:
        (deed,) = (await db.execute(select(AuditEvent))).scalars()
    assert (deed.action, deed.actor_name) == ("key.signing_rotated", "Alice")
    assert deed.facts == {"old_key_id": first.key_id, "new_key_id": second.key_id}


async def test_a_member_changes_nothing(runtime: Runtime, people: People) -> None:
    before = runtime.vault.hub_key_id
    with pytest.raises(ForbiddenError, match="only an owner"):
        await signing_key.rotate_hub_key(runtime, people.bob.actor, signed_over=over)
    assert runtime.vault.hub_key_id == before
