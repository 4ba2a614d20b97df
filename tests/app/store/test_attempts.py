"""What the hub knows of an execution."""

from openviber_app.domain.reports import LogEnd
from openviber_app.services.runtime import Runtime
from openviber_app.store import attempts
from openviber_app.store.tables import Command, Prepare
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_a_nodes_executions_are_its_own(runtime: Runtime, people: People) -> None:
    ours = await map_environment(runtime, people.alice)
    theirs = await map_environment(runtime, people.bob)
    ids = [ours.prepare.id, theirs.prepare.id]
    async with runtime.store.write() as db:
        row = await db.get_one(Prepare, ours.prepare.id)
        row.log_bytes, row.log_lines, row.log_sha256 = 7, 1, "ab"
    async with runtime.store.write() as db:
        found = await attempts.list_attempts(db, node_id=ours.node.id, execution_ids=ids)
        assert list(found) == [ours.prepare.id]
        attempt = found[ours.prepare.id]
        assert (attempt.kind, attempt.is_over, attempt.log_complete) == ("prepare", False, False)
        assert attempt.end == LogEnd(bytes=7, lines=1, sha256="ab")
        row = await db.get_one(Prepare, ours.prepare.id)
        row.log_complete = True
    async with runtime.store.read() as db:
        found = await attempts.list_attempts(db, node_id=ours.node.id, execution_ids=ids)
        assert found[ours.prepare.id].log_complete
        assert await attempts.list_attempts(db, node_id=ours.node.id, execution_ids=[]) == {}


async def test_only_a_command_that_was_sent_is_taken(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    command_id, now = mapped.prepare.command_id, runtime.clock.now()
    for before, after in [("pending", "pending"), ("sent", "accepted"), ("refused", "refused")]:
        async with runtime.store.write() as db:
            (await db.get_one(Command, command_id)).status = before
        async with runtime.store.write() as db:
            await attempts.accept_commands(db, command_ids=[command_id], now=now)
        async with runtime.store.read() as db:
            assert (await db.get_one(Command, command_id)).status == after
