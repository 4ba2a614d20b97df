"""Asking a node for a redaction self-test, and keeping what it found."""

import pytest
import sqlalchemy as sa
from sqlmodel import col

from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import SelfTestResult
from openviber_app.services import self_tests
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Command, Node
from openviber_app.store.trust_tables import AuditEvent
from tests.support.board import People
from tests.support.mapped import claimed_node


async def connected(runtime: Runtime, people: People, *, features: list[str]) -> Node:
    node = await claimed_node(runtime, people.alice)
    async with runtime.store.write() as db:
        row = await db.get_one(Node, node.id)
        row.is_connected, row.capabilities = True, {"features": features}
        row.link_changed_at = runtime.clock.now()
    return row


async def commands(runtime: Runtime) -> list[Command]:
    async with runtime.store.read() as db:
        query = sa.select(Command).where(sa.column("type") == self_tests.COMMAND)
        return list((await db.execute(query)).scalars())


async def kept(runtime: Runtime, node: Node) -> dict[str, object]:
    async with runtime.store.read() as db:
        return (await db.get_one(Node, node.id)).self_test


async def test_one_test_at_a_time_is_asked_for_and_written_down(
    runtime: Runtime, people: People
) -> None:
    node = await connected(runtime, people, features=[self_tests.FEATURE])

    await self_tests.start(runtime, people.alice.actor, node_id=node.id)
    await self_tests.start(runtime, people.alice.actor, node_id=node.id)

    (command,) = await commands(runtime)
    assert command.payload == {"test_id": str(command.id)}
    assert (await kept(runtime, node))["going_on"] == str(command.id)
    async with runtime.store.read() as db:
        asked = sa.select(AuditEvent).where(col(AuditEvent.action) == "node.tested")
        deeds = (await db.execute(asked)).scalars().all()
    assert [(deed.action, deed.target_id) for deed in deeds] == [("node.tested", node.id)]


async def test_a_score_is_kept_with_what_got_through(runtime: Runtime, people: People) -> None:
    node = await connected(runtime, people, features=[self_tests.FEATURE])
    await self_tests.start(runtime, people.alice.actor, node_id=node.id)
    result = SelfTestResult(test_id=new_id(), tried=40, masked=39, missed=("hex",))

    async with runtime.store.write() as db:
        now = runtime.clock.now()
        await self_tests.apply_result(db, node_id=node.id, result=result, now=now)

    found = await kept(runtime, node)
    assert (found["tried"], found["masked"], found["missed"]) == (40, 39, ["hex"])
    assert "going_on" not in found


async def test_a_refusal_is_told_and_the_last_score_stays(runtime: Runtime, people: People) -> None:
    node = await connected(runtime, people, features=[self_tests.FEATURE])
    result = SelfTestResult(test_id=new_id(), tried=40, masked=40)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        await self_tests.apply_result(db, node_id=node.id, result=result, now=now)
    await self_tests.start(runtime, people.alice.actor, node_id=node.id)

    async with runtime.store.write() as db:
        await self_tests.refused(db, node_id=node.id, message="the disk is full")

    found = await kept(runtime, node)
    assert (found["masked"], found["problem"]) == (40, "the disk is full")
    assert "going_on" not in found


async def test_a_node_that_cannot_be_tested_says_why(runtime: Runtime, people: People) -> None:
    node = await connected(runtime, people, features=[])
    with pytest.raises(ConflictError, match="too old"):
        await self_tests.start(runtime, people.alice.actor, node_id=node.id)
    with pytest.raises(NotFoundError):
        await self_tests.start(runtime, people.bob.actor, node_id=node.id)
    async with runtime.store.write() as db:
        (await db.get_one(Node, node.id)).is_connected = False
    with pytest.raises(ConflictError, match="not connected"):
        await self_tests.start(runtime, people.alice.actor, node_id=node.id)
    assert await commands(runtime) == []
