"""Tests of `openviber_app.services.run_control`."""

import pytest

from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.services import run_control, threads
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Command, Node
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def _disconnect(bench: Bench) -> None:
    async with bench.runtime.store.write() as db:
        (await db.get_one(Node, bench.node.id)).is_connected = False


async def _status_of(bench: Bench, command_id: object) -> str:
    async with bench.runtime.store.read() as db:
        return (await db.get_one(Command, command_id)).status


async def test_a_run_its_node_never_heard_of_stops_at_once(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    view = await run_control.stop_run(runtime, people.alice.actor, run_id=run.id)
    assert (view.status, view.reason) == ("stopped", "stopped")
    assert await _status_of(bench, run.command_id) == "withdrawn"
    assert await bench.commands("thread:stop") == []


@pytest.mark.parametrize("status", ["sent", "accepted"])
async def test_a_run_its_node_may_have_is_stopped_by_a_command_once(
    runtime: Runtime, people: People, status: str
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.deliver(run, status=status)
    for _ in range(2):
        view = await run_control.stop_run(runtime, people.alice.actor, run_id=run.id)
        assert view.status == "queued"
        assert view.stop_requested_at is not None
    (command,) = await bench.commands("thread:stop")
    assert command.payload == {
        "thread_id": str(run.thread_id),
        "run_id": str(run.id),
        "reason": "stopped",
    }
    assert await _status_of(bench, run.command_id) == status
    await bench.end(run, exit_code=None, reason="stopped")
    assert (await bench.reload(run)).status == "stopped"


async def test_stopping_what_has_ended_leaves_it(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.end(run)
    view = await run_control.stop_run(runtime, people.alice.actor, run_id=run.id)
    assert (view.status, view.stop_requested_at) == ("completed", None)


async def test_stopping_a_run_lets_the_next_message_have_its_turn(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    queued = await bench.say("next")
    await run_control.stop_run(runtime, people.alice.actor, run_id=run.id)
    assert (await bench.run_of(queued)).status == "queued"


async def test_stopping_a_thread_starts_nothing_of_its_queue(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.say("next")
    stopped = await run_control.stop_thread(runtime, bench.actor, thread_id=bench.thread.id)
    assert stopped is not None
    assert stopped.status == "stopped"
    view = await threads.get_thread(runtime, bench.actor, thread_id=bench.thread.id)
    assert (view.status, view.queued_messages) == ("paused", 1)
    assert len(await bench.commands("thread:submit")) == 1
    assert (await bench.reload(run)).status == "stopped"


async def test_stopping_a_thread_without_a_queue_leaves_it_active(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    assert await run_control.stop_thread(runtime, bench.actor, thread_id=bench.thread.id) is None
    await bench.say()
    await run_control.stop_thread(runtime, bench.actor, thread_id=bench.thread.id)
    assert (await bench.row()).status == "active"


async def test_a_run_on_a_node_that_answers_is_stopped_not_given_up(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.deliver(run)
    with pytest.raises(ConflictError, match="studio-01 is connected: stop the run instead"):
        await run_control.mark_lost(runtime, people.alice.actor, run_id=run.id)
    await run_control.stop_run(runtime, people.alice.actor, run_id=run.id)
    view = await run_control.mark_lost(runtime, people.alice.actor, run_id=run.id)
    assert view.status == "lost"  # it was asked to stop and did not


async def test_a_run_on_a_silent_node_can_be_given_up_with_its_queue_held(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.say("next")
    await bench.deliver(run, status="sent")
    await _disconnect(bench)
    view = await run_control.mark_lost(runtime, people.alice.actor, run_id=run.id)
    assert (view.status, view.message) == ("lost", "given up by Alice")
    assert await _status_of(bench, run.command_id) == "withdrawn"
    assert (await bench.row()).status == "paused"
    with pytest.raises(ConflictError, match="already ended: lost"):
        await run_control.mark_lost(runtime, people.alice.actor, run_id=run.id)


async def test_another_persons_run_is_missing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    bob = people.bob.actor
    for run_id in (run.id, new_id()):
        for act in (run_control.get_run, run_control.stop_run, run_control.mark_lost):
            with pytest.raises(NotFoundError, match=r"^no such run$"):
                await act(runtime, bob, run_id=run_id)
    with pytest.raises(NotFoundError, match=r"^no such thread$"):
        await run_control.stop_thread(runtime, bob, thread_id=bench.thread.id)
    assert (await bench.reload(run)).status == "queued"
