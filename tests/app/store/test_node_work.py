"""What lies and runs on nodes is found by their owner only, until it ends."""

from openviber_app.services.runtime import Runtime
from openviber_app.store import node_work
from openviber_app.store.tables import Prepare
from tests.support.board import People
from tests.support.workbench import add_prepare, make_bench


async def test_work_is_listed_until_it_ends(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="Fix it")
    prepare = await add_prepare(runtime, bench.binding)
    run = await bench.run_of(await bench.say())
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.read() as db:
        (mapping,) = await node_work.list_mappings(db, user_id=alice)
        assert mapping.binding.id == bench.binding.id
        (found,) = await node_work.list_open_prepares(db, user_id=alice)
        assert found.id == prepare.id
        (entry,) = await node_work.list_open_runs(db, user_id=alice)
        assert (entry.run.id, entry.title) == (run.id, "Fix it")
        assert await node_work.list_mappings(db, user_id=bob) == []
        assert await node_work.list_open_prepares(db, user_id=bob) == []
        assert await node_work.list_open_runs(db, user_id=bob) == []
    async with runtime.store.write() as db:
        (await db.get_one(Prepare, prepare.id)).status = "succeeded"
    async with runtime.store.read() as db:
        assert await node_work.list_open_prepares(db, user_id=alice) == []
