"""A batch is one transaction: rows and cursors move together, or not at all."""

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.hub.inbound import Batch, FencedError
from openviber_app.hub.ledger import Ledger
from openviber_app.services.runtime import Runtime
from openviber_app.store import logs
from openviber_app.store.cursors import CursorMove, list_cursors, move_cursors
from openviber_app.store.tables import Command, Prepare
from openviber_protocol.events import CommandReplied, StoreLog
from tests.support.board import People
from tests.support.mapped import MappedEnvironment, claimed_node, map_environment


def _log(mapped: MappedEnvironment, offset: int, data: bytes) -> StoreLog:
    return StoreLog(f"log/{mapped.prepare.id}", offset, mapped.prepare.id, data)


async def test_contiguous_frames_of_a_log_become_one_write(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        batch = Batch(db, Ledger(mapped.node.id), runtime.clock.now())
        events = [_log(mapped, n * 10, b"0123456789") for n in range(100)]
        applied = await batch.apply(events)
    assert applied.moves == [CursorMove(f"log/{mapped.prepare.id}", 0, 1000)]
    assert [a.position for a in applied.advances if a.topic.startswith("log:")] == [1000]
    async with runtime.store.read() as db:
        assert await logs.get_end(db, execution_id=mapped.prepare.id) == 1000


async def test_a_session_that_another_one_overtook_writes_nothing(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    stream = f"log/{mapped.prepare.id}"
    ledger = Ledger(mapped.node.id)
    async with runtime.store.read() as db:
        await ledger.learn(db, [stream])
    async with runtime.store.write() as db:  # the newer session
        await logs.add_bytes(db, execution_id=mapped.prepare.id, offset=0, data=b"new")
        await move_cursors(db, node_id=mapped.node.id, moves=[CursorMove(stream, 0, 3)])
    ledger.positions[stream] = 3  # the older one believes that it is up to date ...
    async with runtime.store.write() as db:
        await move_cursors(db, node_id=mapped.node.id, moves=[CursorMove(stream, 3, 7)])
    with pytest.raises(FencedError):
        async with runtime.store.write() as db:
            await Batch(db, ledger, runtime.clock.now()).apply([_log(mapped, 3, b"old")])
    async with runtime.store.read() as db:
        assert await logs.get_end(db, execution_id=mapped.prepare.id) == 3
        rows = await list_cursors(db, node_id=mapped.node.id, streams=[stream])
        assert rows[stream].next == 7


async def test_a_stream_that_begins_elsewhere_than_the_store_is_not_stored(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    stream = f"log/{mapped.prepare.id}"
    async with runtime.store.write() as db:
        await logs.add_bytes(db, execution_id=mapped.prepare.id, offset=0, data=b"abc")
        await move_cursors(db, node_id=mapped.node.id, moves=[CursorMove(stream, 0, 3)])
    async with runtime.store.write() as db:
        batch = Batch(db, Ledger(mapped.node.id), runtime.clock.now())
        applied = await batch.apply([_log(mapped, 0, b"abc"), _log(mapped, 3, b"def")])
    assert applied.misplaced == {stream: 3}
    assert applied.moves == []


async def test_streams_of_nobody_are_acked_and_not_stored(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    stranger = new_id()
    async with runtime.store.write() as db:
        batch = Batch(db, Ledger(mapped.node.id), runtime.clock.now())
        applied = await batch.apply([StoreLog(f"log/{stranger}", 0, stranger, b"xyz")])
    assert applied.swallowed == {f"log/{stranger}": 3}
    async with runtime.store.read() as db:
        assert await logs.count_bytes(db) == 0


async def test_only_the_first_reply_of_the_right_attempt_counts(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    command_id = mapped.prepare.command_id
    async with runtime.store.write() as db:
        (await db.get_one(Command, command_id)).status = "sent"
    for attempt, accepted, expected in [
        (9, False, "sent"),
        (1, True, "accepted"),
        (1, False, "accepted"),
    ]:
        async with runtime.store.write() as db:
            batch = Batch(db, Ledger(mapped.node.id), runtime.clock.now())
            await batch.apply([CommandReplied(command_id, attempt, accepted, "")])
        async with runtime.store.read() as db:
            assert (await db.get_one(Command, command_id)).status == expected
    async with runtime.store.read() as db:
        assert (await db.get_one(Prepare, mapped.prepare.id)).status == "accepted"


async def test_no_node_answers_for_another_one(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    stranger = await claimed_node(runtime, people.bob)
    command_id = mapped.prepare.command_id
    async with runtime.store.write() as db:
        (await db.get_one(Command, command_id)).status = "sent"
    for accepted in (True, False):
        async with runtime.store.write() as db:
            batch = Batch(db, Ledger(stranger.id), runtime.clock.now())
            await batch.apply([CommandReplied(command_id, 1, accepted, "it is mine")])
    async with runtime.store.read() as db:
        assert (await db.get_one(Command, command_id)).status == "sent"
        assert (await db.get_one(Prepare, mapped.prepare.id)).status == "queued"
