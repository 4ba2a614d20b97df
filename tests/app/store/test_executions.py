"""Tests of `openviber_app.store.executions`."""

from datetime import timedelta

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store.executions import (
    WORTH_REMOVING_BYTES,
    find_execution,
    list_oldest_logs,
)
from openviber_app.store.tables import Node, Prepare, Run
from tests.support.board import People
from tests.support.workbench import add_prepare, make_bench


async def test_one_lookup_finds_runs_and_prepares_of_their_owner_only(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    prepare = await add_prepare(runtime, bench.binding)
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.read() as db:
        for row in (run, prepare):
            found = await find_execution(db, execution_id=row.id, user_id=alice)
            assert type(found) is type(row)
            assert found is not None
            assert found.id == row.id
            assert await find_execution(db, execution_id=row.id, user_id=bob) is None
            assert await find_execution(db, execution_id=row.id) is not None
        assert await find_execution(db, execution_id=new_id()) is None


async def test_the_oldest_logs_are_those_that_are_whole_and_worth_it(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    data, now = b"x" * (WORTH_REMOVING_BYTES + 1), runtime.clock.now()
    prepare = await add_prepare(runtime, bench.binding)
    going_on = await bench.run_of(await bench.say("1"))

    async def oldest() -> list[object]:
        async with runtime.store.read() as db:
            return list(await list_oldest_logs(db, limit=9))

    for execution in (prepare, going_on):
        await bench.log(execution.id, data, offset=0)
    assert await oldest() == []  # neither has ended
    async with runtime.store.write() as db:
        for kind, row, ended in ((Prepare, prepare, now), (Run, going_on, now - timedelta(1))):
            (await db.get_one(kind, row.id)).ended_at = ended
    assert await oldest() == []  # their node may still send the rest
    async with runtime.store.write() as db:
        (await db.get_one(Prepare, prepare.id)).log_complete = True
        (await db.get_one(Run, going_on.id)).log_complete = True
    assert await oldest() == [going_on.id, prepare.id]
    async with runtime.store.read() as db:
        assert await list_oldest_logs(db, limit=1) == [going_on.id]
        assert await list_oldest_logs(db, limit=1, only=prepare.id) == [prepare.id]
        assert await list_oldest_logs(db, limit=1, only=new_id()) == []
    async with runtime.store.write() as db:
        (await db.get_one(Run, going_on.id)).log_removed_at = now
    assert await oldest() == [prepare.id]


async def test_a_short_log_is_not_worth_removing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"x" * WORTH_REMOVING_BYTES, offset=0)
    async with runtime.store.write() as db:
        row = await db.get_one(Run, run.id)
        row.ended_at, row.log_complete = runtime.clock.now(), True
    async with runtime.store.read() as db:
        assert await list_oldest_logs(db, limit=9) == []


async def test_of_a_node_that_is_gone_nothing_is_on_its_way(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"x" * 5000, offset=0)
    async with runtime.store.write() as db:
        (await db.get_one(Run, run.id)).ended_at = runtime.clock.now()
    async with runtime.store.read() as db:
        assert await list_oldest_logs(db, limit=9) == []
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(Node, bench.node.id))
    async with runtime.store.read() as db:
        assert await list_oldest_logs(db, limit=9) == [run.id]
