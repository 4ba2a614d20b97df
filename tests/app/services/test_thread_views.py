"""Tests of `openviber_app.services.thread_views`."""

from openviber_app.domain.grouping import ThreadGroup
from openviber_app.services import thread_views, threads
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Node, Thread
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def _view(bench: Bench) -> thread_views.ThreadView:
    return await threads.get_thread(bench.runtime, bench.actor, thread_id=bench.thread.id)


async def test_a_new_thread_has_a_word_for_a_title_and_waits_for_nothing(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    view = await _view(bench)
    assert (view.title, view.group) == (thread_views.UNTITLED, ThreadGroup.TODAY)
    assert (view.waits_for, view.last_run, view.node_connected) == ("", None, None)


async def test_a_run_for_an_absent_node_says_whom_it_waits_for(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    assert (await _view(bench)).waits_for == ""
    async with runtime.store.write() as db:
        (await db.get_one(Node, bench.node.id)).is_connected = False
    view = await _view(bench)
    assert (view.waits_for, view.node_connected) == ("studio-01 to connect", False)
    await bench.end(run)
    view = await _view(bench)
    assert view.waits_for == ""
    assert view.node_name == "studio-01"  # where it ran last


async def test_a_queue_that_cannot_go_on_says_why(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor, status="preparing")
    await bench.say()
    async with runtime.store.write() as db:
        binding = await db.get_one(Binding, bench.binding.id)
        binding.status, binding.last_error = "error", "no disk"
    assert "could not be prepared on studio-01 (no disk)" in (await _view(bench)).waits_for


async def test_a_branch_is_shown_once_a_workspace_stands_on_it(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await bench.say()
    assert (await _view(bench)).branch == ""
    async with runtime.store.write() as db:
        (await db.get_one(Thread, bench.thread.id)).base_commit = "4b825dc"
    assert (await _view(bench)).branch.startswith("viber/")
