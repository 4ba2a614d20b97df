"""Tests of `openviber_app.services.runs`."""

from datetime import timedelta

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import ItemRecord, LogEnd, SlotCounts
from openviber_app.services import run_control, runs
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Command, Node
from tests.support.board import People
from tests.support.workbench import Bench, make_bench

ITEM = ItemRecord(op="upsert", id="t1", kind="terminal", text="x")


async def test_a_start_fills_in_where_the_thread_works(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.start(run)
    run, thread = await bench.reload(run), await bench.row()
    assert run.status == "running"
    assert run.started_at is not None
    assert thread.binding_id == bench.binding.id
    assert (thread.working_dir, thread.base_commit) == ("/srv/slots/1", "c0ffee")
    assert {advance.topic for advance in bench.told} == {
        f"timeline:{thread.id}",
        f"user:{people.alice.actor.user_id}",
    }


async def test_taking_the_last_spare_workspace_asks_for_another(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.start(run, slots=SlotCounts(bench.binding.id, ready=0, claimed=1))
    (spare,) = await bench.commands("environment:prepare")
    assert spare.payload["kind"] == "spare"
    async with runtime.store.read() as db:
        binding = await db.get_one(Binding, bench.binding.id)
    assert (binding.slots_ready, binding.slots_claimed, binding.status) == (0, 1, "ready")


async def test_with_a_spare_left_none_is_asked_for(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.start(run, slots=SlotCounts(bench.binding.id, ready=1, claimed=1))
    assert await bench.commands("environment:prepare") == []


async def test_work_that_is_told_before_the_start_already_counts_as_running(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.deliver(run, status="sent")
    await bench.tell(run, ITEM)
    assert (await bench.reload(run)).status == "running"
    async with runtime.store.read() as db:
        command = await db.get_one(Command, run.command_id)
    assert command.status == "accepted"  # the reply was lost, the report proves it
    await bench.start(run)
    assert (await bench.row()).working_dir == "/srv/slots/1"


@pytest.mark.parametrize(
    ("exit_code", "reason", "status", "kept"),
    [
        (0, "", "completed", ""),
        (3, "", "failed", "failed"),
        (None, "stopped", "stopped", "stopped"),
        (None, "cancelled", "stopped", "cancelled"),
        (None, "interrupted", "failed", "interrupted"),
        (None, "timeout", "failed", "timeout"),
        (None, "refused", "failed", "refused"),
        (None, "lost", "failed", "lost"),
    ],
)
async def test_ends(
    runtime: Runtime,
    people: People,
    exit_code: int | None,
    reason: str,
    status: str,
    kept: str,
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.start(run)
    await bench.end(run, exit_code=exit_code, reason=reason, log=LogEnd(9, 1, "ab", 2))
    run = await bench.reload(run)
    assert (run.status, run.reason, run.exit_code) == (status, kept, exit_code)
    assert (run.log_bytes, run.log_lines, run.log_truncated_bytes) == (9, 1, 2)
    assert not run.log_complete
    assert run.ended_at is not None
    if exit_code == 3:
        assert run.message == "it ended with exit code 3"


async def test_an_end_comes_once(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.end(run)
    seq = (await bench.row()).timeline_seq
    await bench.end(run, exit_code=1)
    await bench.start(run)
    await bench.tell(run, ITEM)
    assert (await bench.reload(run)).status == "completed"
    assert (await bench.row()).timeline_seq == seq


async def test_another_node_can_say_nothing_about_a_run(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    foreign = await make_bench(runtime, people.bob.actor)
    run = await bench.run_of(await bench.say())
    await bench.tell(run, ITEM, node_id=foreign.node.id)
    await bench.end(run, node_id=foreign.node.id)
    assert (await bench.reload(run)).status == "queued"
    assert bench.told == []


async def test_a_run_nobody_knows_changes_nothing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    run.id = new_id()
    await bench.start(run)
    await bench.tell(run, ITEM)
    await bench.end(run)
    assert bench.told == []


async def test_an_empty_report_changes_nothing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.tell(run)
    assert bench.told == []


async def _lose(bench: Bench, run: object) -> None:
    async with bench.runtime.store.write() as db:
        node = await db.get_one(Node, bench.node.id)
        node.is_connected = False
    await run_control.mark_lost(bench.runtime, bench.actor, run_id=run.id)  # pyright: ignore[reportAttributeAccessIssue]


async def test_the_late_end_of_a_lost_run_is_kept_beside_it(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.deliver(run)
    await bench.start(run)
    await _lose(bench, run)
    again = await bench.run_of(await bench.say("elsewhere"))
    await bench.tell(run, ITEM)
    await bench.end(run, exit_code=0)
    run = await bench.reload(run)
    assert (run.status, run.exit_code) == ("lost", None)
    assert run.late_result["status"] == "completed"
    assert run.late_result["exitCode"] == 0
    assert (await bench.reload(again)).status == "queued"


async def _hello(bench: Bench, *, listed: set[object], streams: set[object]) -> None:
    async with bench.runtime.store.write() as db:
        await runs.interrupt_missing(
            db,
            node_id=bench.node.id,
            listed=listed,  # pyright: ignore[reportArgumentType]
            streams=streams,  # pyright: ignore[reportArgumentType]
            now=bench.runtime.clock.now() + timedelta(seconds=1),
        )


async def test_a_run_the_node_no_longer_knows_was_interrupted(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    queued = await bench.say("next")
    await _hello(bench, listed=set(), streams=set())
    assert (await bench.reload(run)).status == "queued"  # not delivered: it will be
    await bench.deliver(run)
    await _hello(bench, listed={run.id}, streams=set())
    await _hello(bench, listed=set(), streams={run.id})
    assert (await bench.reload(run)).status == "queued"
    await _hello(bench, listed=set(), streams=set())
    run = await bench.reload(run)
    assert (run.status, run.reason) == ("failed", "interrupted")
    assert (await bench.run_of(queued)).status == "queued"  # the next message has its turn


async def test_a_refused_command_fails_its_run_with_the_reason(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    for command_id in (new_id(), run.command_id, run.command_id):
        async with runtime.store.write() as db:
            await runs.command_refused(
                db, command_id=command_id, message="no git here", now=runtime.clock.now()
            )
    run = await bench.reload(run)
    assert (run.status, run.reason, run.message) == ("failed", "refused", "no git here")
