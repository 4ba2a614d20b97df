"""A node is asked for new keys once, and only while it is this board's."""

import pytest
from sqlmodel import select

from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.services import node_keys, node_standing, nodes
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Command
from openviber_app.store.trust_tables import AuditEvent
from tests.support.board import People
from tests.support.mapped import claimed_node


async def test_asking_twice_is_one_wish_and_one_deed(runtime: Runtime, people: People) -> None:
    node = await claimed_node(runtime, people.alice)
    for _ in range(2):
        view = await node_keys.ask_for_new_keys(runtime, people.alice.actor, node_id=node.id)
        assert view.rotation == "studio-01 was asked to make new keys; it does so when it connects"
    async with runtime.store.read() as db:
        (command,) = (await db.execute(select(Command))).scalars()
        asked = select(AuditEvent).where(AuditEvent.action == "node.rotation_asked")
        (deed,) = (await db.execute(asked)).scalars()
    assert (command.type, command.payload) == ("keys:rotate", {})
    assert deed.target_name == "studio-01"


async def test_a_node_that_is_foreign_waiting_or_revoked_is_not_asked(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    node = await claimed_node(runtime, people.alice)
    with pytest.raises(NotFoundError):
        await node_keys.ask_for_new_keys(runtime, people.bob.actor, node_id=node.id)
    made = await nodes.make_token(runtime, actor, name="attic")
    with pytest.raises(ConflictError, match="no keys yet"):
        await node_keys.ask_for_new_keys(runtime, actor, node_id=made.node_id)
    await node_standing.revoke(runtime, actor, node_id=node.id)
    with pytest.raises(ConflictError, match="revoked"):
        await node_keys.ask_for_new_keys(runtime, actor, node_id=node.id)
