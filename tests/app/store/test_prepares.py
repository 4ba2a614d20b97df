"""Attempts are found by owner, by command, by state."""

import sqlalchemy as sa
from sqlmodel import col

from openviber_app.services.runtime import Runtime
from openviber_app.store import logs, prepares
from openviber_app.store.tables import Prepare
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_attempts_are_found_in_every_way_they_are_asked_for(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    binding_id, first = mapped.binding.id, mapped.prepare
    async with runtime.store.write() as db:
        await db.execute(sa.update(Prepare).values(status="succeeded"))
        for attempt, kind, status in [(2, "spare", "failed"), (3, "prepare", "running")]:
            db.add(
                Prepare(
                    binding_id=binding_id,
                    command_id=first.id,
                    attempt=attempt,
                    kind=kind,
                    status=status,
                    created_at=runtime.clock.now(),
                )
            )
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.read() as db:
        asked = {"prepare_id": first.id}
        assert await prepares.find_prepare(db, user_id=alice, **asked) is not None
        assert await prepares.find_prepare(db, user_id=bob, **asked) is None
        by_command = await prepares.find_by_command(db, command_id=first.command_id)
        assert by_command is not None
        assert by_command.id == first.id
        running = await prepares.find_open(db, binding_id=binding_id)
        assert running is not None
        assert running.attempt == 3
        assert await prepares.find_open(db, binding_id=binding_id, kind="spare") is None
        spare = await prepares.find_last(db, binding_id=binding_id, kind="spare")
        assert spare is not None
        assert spare.attempt == 2
        whole = await prepares.find_last_succeeded(db, binding_id=binding_id)
        assert whole is not None
        assert whole.attempt == 1
        assert await prepares.get_last_attempt(db, binding_id=binding_id) == 3
        listed = await prepares.list_of_binding(db, binding_id=binding_id, limit=2)
        assert [row.attempt for row in listed] == [3, 2]
        begun = await prepares.list_begun_on_node(db, node_id=mapped.node.id)
        assert [row.attempt for row, _ in begun] == [3]


async def test_the_logs_of_a_bindings_attempts_go_and_no_others(
    runtime: Runtime, people: People
) -> None:
    ours = await map_environment(runtime, people.alice)
    theirs = await map_environment(runtime, people.bob)
    async with runtime.store.write() as db:
        for row in (ours.prepare, theirs.prepare):
            await logs.add_bytes(db, execution_id=row.id, offset=0, data=b"12345")
        await prepares.delete_logs(db, binding_id=ours.binding.id)
    async with runtime.store.read() as db:
        assert await logs.get_end(db, execution_id=ours.prepare.id) == 0
        assert await logs.get_end(db, execution_id=theirs.prepare.id) == 5
        count = sa.select(sa.func.count(col(Prepare.id)))
        assert (await db.execute(count)).scalar_one() == 2
