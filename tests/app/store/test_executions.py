"""Tests of `openviber_app.store.executions`."""

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store.executions import find_execution
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
