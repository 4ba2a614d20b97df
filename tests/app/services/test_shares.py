"""Tests of `openviber_app.services.shares`."""

import pytest
from sqlmodel import select

from openviber_app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from openviber_app.domain.sharing import Access
from openviber_app.services import environments, messages, shares, thread_lists, threads
from openviber_app.services.access import access_topic, user_topic
from openviber_app.services.runtime import Runtime
from openviber_app.store.thread_sections import Section, SectionQuery
from openviber_app.store.threads import ThreadQuery
from openviber_app.store.trust_tables import AuditEvent
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def give(bench: Bench, people: People, role: Access) -> None:
    await shares.put_share(
        bench.runtime,
        people.alice.actor,
        environment_id=bench.environment.id,
        email=" BOB@example.test",
        role=role,
    )


async def deeds(runtime: Runtime) -> list[tuple[str, dict[str, str]]]:
    async with runtime.store.read() as db:
        rows = (await db.execute(select(AuditEvent).order_by(AuditEvent.id))).scalars()  # pyright: ignore[reportArgumentType]
        return [(row.action, row.facts) for row in rows if row.target_kind == "share"]


async def test_an_environment_is_shared_changed_and_taken_back(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice, title="mine")
    key = bench.environment.id
    with pytest.raises(NotFoundError):
        await environments.get_environment(runtime, bob, environment_id=key)
    with runtime.bus.listening(user_topic(bob.user_id)) as listener:
        await give(bench, people, Access.VIEWER)
        assert listener.take()
    view = await environments.get_environment(runtime, bob, environment_id=key)
    assert (view.state.access, view.state.owner) == (Access.VIEWER, "Alice")
    await give(bench, people, Access.EDITOR)
    await give(bench, people, Access.EDITOR)  # as it was: no deed
    (one,) = await shares.list_shares(runtime, alice, environment_id=key)
    assert (one.name, one.role) == ("Bob", Access.EDITOR)
    topics = (user_topic(bob.user_id), access_topic(bob.user_id))
    with runtime.bus.listening(*topics) as listener:
        await shares.delete_share(runtime, alice, environment_id=key, user_id=bob.user_id)
        assert set(listener.take()) == set(topics)
    with pytest.raises(NotFoundError):
        await environments.get_environment(runtime, bob, environment_id=key)
    assert [(action, facts.get("role", "")) for action, facts in await deeds(runtime)] == [
        ("share.added", "viewer"),
        ("share.changed", "editor"),
        ("share.removed", ""),
    ]


async def test_only_people_of_the_board_who_do_not_own_it_are_shared_with(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice)
    for email in ("nobody@example.test", alice.email):
        with pytest.raises(InvalidInputError):
            await shares.put_share(
                runtime,
                alice,
                environment_id=bench.environment.id,
                email=email,
                role=Access.VIEWER,
            )
    assert await deeds(runtime) == []


async def test_an_editor_shares_nothing_and_can_leave(runtime: Runtime, people: People) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    key = bench.environment.id
    await give(bench, people, Access.EDITOR)
    with pytest.raises(ForbiddenError):
        await shares.list_shares(runtime, bob, environment_id=key)
    with pytest.raises(ForbiddenError):
        await shares.put_share(
            runtime, bob, environment_id=key, email=bob.email, role=Access.RUNNER
        )
    await shares.delete_share(runtime, bob, environment_id=key, user_id=bob.user_id)
    with pytest.raises(NotFoundError):
        await shares.delete_share(runtime, bob, environment_id=key, user_id=bob.user_id)


async def test_a_runner_works_in_the_owners_threads_and_their_own_are_seen_by_all(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice, title="by alice")
    await give(bench, people, Access.VIEWER)
    with pytest.raises(ForbiddenError):
        await messages.submit(runtime, bob, thread_id=bench.thread.id, text="ls")
    assert not (await threads.get_thread(runtime, bob, thread_id=bench.thread.id)).can_run
    await give(bench, people, Access.RUNNER)
    for person in (alice, bob):
        assert (await threads.get_thread(runtime, person, thread_id=bench.thread.id)).can_run
    await messages.submit(runtime, bob, thread_id=bench.thread.id, text="ls")
    made = await threads.create_thread(
        runtime, bob, environment_id=bench.environment.id, title="by bob", node_id=bench.node.id
    )
    seen = await threads.list_threads(runtime, ThreadQuery(user_id=alice.user_id))
    assert {(t.title, t.started_by) for t in seen.threads} == {("by alice", ""), ("by bob", "Bob")}
    part = SectionQuery(alice.user_id, bench.environment.id, Section.RECENT)
    page = await thread_lists.list_section(runtime, part)
    assert made.id in {thread.id for thread in page.threads}
    # each pins for themselves
    change = threads.ThreadChange(is_pinned=True)
    assert (await threads.change_thread(runtime, alice, thread_id=made.id, change=change)).is_pinned
    assert not (await threads.get_thread(runtime, bob, thread_id=made.id)).is_pinned
