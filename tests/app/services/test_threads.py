"""Tests of `openviber_app.services.threads`."""

import pytest

from openviber_app.bus import Listener
from openviber_app.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
)
from openviber_app.domain.ids import new_id
from openviber_app.domain.statuses import ThreadStatus
from openviber_app.services import threads
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_views import ThreadView
from openviber_app.services.threads import ThreadChange
from openviber_app.store.threads import ThreadQuery
from tests.support.board import People
from tests.support.workbench import Bench, add_binding, add_node, commands_of, make_bench


async def _change(bench: Bench, **what: object) -> ThreadView:
    return await threads.change_thread(
        bench.runtime,
        bench.actor,
        thread_id=bench.thread.id,
        change=ThreadChange(**what),  # pyright: ignore[reportArgumentType]
    )


async def test_a_paused_thread_keeps_its_queue_until_it_is_resumed(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await _change(bench, status=ThreadStatus.PAUSED)
    message = await bench.say()
    assert message.status == "queued"
    assert await bench.commands() == []
    view = await _change(bench, status=ThreadStatus.ACTIVE)
    assert view.queued_messages == 0
    assert view.timeline_seq == (await bench.row()).timeline_seq
    assert (await bench.run_of(message)).status == "queued"


async def test_an_archived_thread_gives_its_workspace_back_and_returns_to_its_node(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.start(run)
    with pytest.raises(ConflictError, match="stop it first, then archive the thread"):
        await _change(bench, status=ThreadStatus.ARCHIVED)
    await bench.end(run)
    await _change(bench, status=ThreadStatus.ARCHIVED)
    (command,) = await bench.commands("thread:archive")
    assert command.payload == {
        "thread_id": str(bench.thread.id),
        "environment_id": str(bench.environment.id),
        "binding_id": str(bench.binding.id),
    }
    with pytest.raises(ConflictError, match="archived; restore it"):
        await bench.say()
    view = await _change(bench, status=ThreadStatus.ACTIVE)
    assert (view.binding_id, view.node_id) == (None, bench.node.id)
    again = await bench.run_of(await bench.say())
    assert again.binding_id == bench.binding.id


async def test_archiving_a_thread_that_never_ran_asks_nothing_of_a_node(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await _change(bench, status=ThreadStatus.ARCHIVED)
    assert await bench.commands() == []
    with pytest.raises(IllegalTransitionError):
        await _change(bench, status=ThreadStatus.PAUSED)


async def test_a_thread_moves_to_another_node_when_it_is_idle(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    other = await add_node(runtime, people.alice.actor, name="studio-02")
    with pytest.raises(ConflictError, match="not mapped to studio-02"):
        await _change(bench, node_id=other.id)
    await add_binding(runtime, bench.environment, other, is_default=False)
    run = await bench.run_of(await bench.say())
    await bench.start(run)
    with pytest.raises(ConflictError, match="stop it first, then move"):
        await _change(bench, node_id=other.id)
    await bench.end(run)
    view = await _change(bench, node_id=other.id)
    assert (view.node_name, view.binding_id) == ("studio-02", None)
    assert len(await bench.commands("thread:archive")) == 1
    await bench.say()
    assert len(await commands_of(runtime, other.id, "thread:submit")) == 1


async def test_a_title_is_checked_and_trimmed(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    assert (await _change(bench, title="  Fix   it ")).title == "Fix it"
    for title in ("", "   ", "x" * 121, "a\0", "\ud800"):
        with pytest.raises(InvalidInputError, match="/title"):
            await _change(bench, title=title)
    assert (await bench.row()).title == "Fix it"


async def test_another_persons_things_are_missing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    foreign = await make_bench(runtime, people.bob.actor)
    bob = people.bob.actor
    for thread_id in (bench.thread.id, new_id()):
        with pytest.raises(NotFoundError, match=r"^no such thread$"):
            await threads.get_thread(runtime, bob, thread_id=thread_id)
        with pytest.raises(NotFoundError, match=r"^no such thread$"):
            await threads.change_thread(
                runtime, bob, thread_id=thread_id, change=ThreadChange(title="mine")
            )
    with pytest.raises(NotFoundError, match=r"^no such environment$"):
        await threads.create_thread(runtime, bob, environment_id=bench.environment.id)
    for node_id in (bench.node.id, new_id()):
        with pytest.raises(NotFoundError, match=r"^no such node$"):
            await threads.create_thread(
                runtime, bob, environment_id=foreign.environment.id, node_id=node_id
            )
    page = await threads.list_threads(
        runtime, ThreadQuery(bob.user_id, environment_id=bench.environment.id)
    )
    assert page.threads == []


async def test_a_thread_is_unread_until_it_is_opened_after_its_run(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    assert not (await _change(bench, is_unread=False)).is_unread
    run = await bench.run_of(await bench.say())
    await bench.start(run)
    await bench.end(run)
    unchanged = (await bench.row()).updated_at
    assert (await _change(bench, is_pinned=True)).is_unread
    assert not (await _change(bench, is_unread=False)).is_unread
    view = await _change(bench, is_unread=True)
    assert (view.is_unread, view.is_pinned) == (True, True)
    assert view.updated_at == unchanged
    assert not (await _change(bench, is_pinned=False)).is_pinned


async def test_a_mark_that_changes_nothing_is_told_to_nobody(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    listener = Listener()
    runtime.bus.subscribe(listener, f"user:{people.alice.actor.user_id}")
    await _change(bench, is_unread=False)
    assert not listener.take()
    await _change(bench, is_unread=True)
    assert listener.take()


async def test_asked_for_again_with_the_same_key_a_thread_is_made_once(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    other = await make_bench(runtime, people.alice.actor)

    async def create(bench: Bench, key: str) -> ThreadView:
        return await threads.create_thread(
            runtime, bench.actor, environment_id=bench.environment.id, idempotency_key=key
        )

    made = {(await create(bench, key)).id for key in ("k", "k", "l")}
    assert len(made) == 2
    with pytest.raises(ConflictError, match="used for another thread"):
        await create(other, "k")
