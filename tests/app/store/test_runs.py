"""Tests of `openviber_app.store.runs`."""

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store import runs
from openviber_app.store.tables import Run
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_a_run_is_found_by_its_owner_its_thread_and_its_command(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.read() as db:
        assert await runs.find_seen_run(db, run_id=run.id, user_id=alice)
        assert await runs.find_seen_run(db, run_id=run.id, user_id=bob) is None
        active = await runs.find_active_run(db, thread_id=bench.thread.id)
        assert active is not None
        assert active.id == run.id
        assert await runs.find_run_of_command(db, command_id=run.command_id)
        assert await runs.find_run_of_command(db, command_id=new_id()) is None
        assert [row.id for row in await runs.list_runs(db, run_ids={run.id, new_id()})] == [run.id]


async def test_only_what_the_node_took_on_counts_as_accepted(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    async with runtime.store.read() as db:
        assert await runs.list_accepted(db, node_id=bench.node.id) == []
    await bench.deliver(run)
    async with runtime.store.read() as db:
        found = await runs.list_accepted(db, node_id=bench.node.id)
        assert [row.id for row in found] == [run.id]
        assert await runs.list_accepted(db, node_id=new_id()) == []
    await bench.end(run)
    async with runtime.store.read() as db:
        assert await runs.list_accepted(db, node_id=bench.node.id) == []
        assert await runs.find_active_run(db, thread_id=bench.thread.id) is None


async def test_runs_that_changed_files_come_newest_first_with_their_messages(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for text in ("one", "two", "three"):
        run = await bench.run_of(await bench.say(text))
        await bench.end(run)
        if text != "two":
            async with runtime.store.write() as db:
                (await db.get_one(Run, run.id)).files = [{"path": text}]
    async with runtime.store.read() as db:
        found, more = await runs.list_changing(db, thread_id=bench.thread.id, limit=2)
        assert [(text, run.files) for run, text in found] == [
            ("three", [{"path": "three"}]),
            ("one", [{"path": "one"}]),
        ]
        assert not more
        assert (await runs.list_changing(db, thread_id=bench.thread.id, limit=1))[1]
