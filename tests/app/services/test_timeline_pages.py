"""Tests of `openviber_app.services.timeline_pages`."""

import random

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import ItemRecord
from openviber_app.domain.sharing import Access
from openviber_app.services import messages, shares, timeline_pages
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import User
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_following_changes_in_pages_of_any_size_ends_at_the_same_picture(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice)
    dice = random.Random(11)
    for _ in range(4):
        run = await bench.run_of(await bench.say())
        for _ in range(12):
            name = f"t{dice.randrange(5)}"
            await bench.tell(run, ItemRecord(op="append", id=name, kind="terminal", text="x"))
        await bench.end(run)
    whole = await timeline_pages.get_page(runtime, alice, thread_id=bench.thread.id, limit=200)
    assert not whole.more
    for limit in (1, 2, 7, 200):
        items, runs, after, more = {}, {}, 0, True
        while more:
            page = await timeline_pages.get_changes(
                runtime, alice, thread_id=bench.thread.id, after=after, limit=limit
            )
            assert all(row.seq > after for row in [*page.items, *page.runs])
            items.update({item.id: item for item in page.items})
            runs.update({run.id: run for run in page.runs})
            after, more = page.seq, page.more
        assert sorted(items.values(), key=lambda item: item.position) == whole.items
        assert sorted(runs.values(), key=lambda run: run.id) == whole.runs
        assert after == whole.seq


async def test_nothing_new_is_an_empty_page_at_the_same_place(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice)
    await bench.say()
    seq = (await bench.row()).timeline_seq
    page = await timeline_pages.get_changes(runtime, alice, thread_id=bench.thread.id, after=seq)
    assert page == timeline_pages.TimelinePage([], [], seq, more=False)


async def test_a_page_brings_the_runs_of_its_items_only(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice)
    runs = []
    for _ in range(3):
        run = await bench.run_of(await bench.say())
        runs.append(run)
        await bench.end(run)
    page = await timeline_pages.get_page(runtime, alice, thread_id=bench.thread.id, limit=1)
    assert [run.id for run in page.runs] == [runs[-1].id]
    assert page.more


async def test_another_persons_timeline_is_missing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for thread_id in (bench.thread.id, new_id()):
        with pytest.raises(NotFoundError, match=r"^no such thread$"):
            await timeline_pages.get_page(runtime, people.bob.actor, thread_id=thread_id)
        with pytest.raises(NotFoundError, match=r"^no such thread$"):
            await timeline_pages.get_changes(
                runtime, people.bob.actor, thread_id=thread_id, after=0
            )


async def test_a_message_names_its_sender_to_everybody_else(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    thread_id = bench.thread.id
    await shares.put_share(
        runtime,
        alice,
        environment_id=bench.environment.id,
        email="bob@example.test",
        role=Access.RUNNER,
    )
    await messages.submit(runtime, alice, thread_id=thread_id, text="echo of Alice")
    await messages.submit(runtime, bob, thread_id=thread_id, text="echo of Bob")

    async def told(actor: Actor) -> list[tuple[str, str]]:
        page = await timeline_pages.get_page(runtime, actor, thread_id=thread_id)
        changes = await timeline_pages.get_changes(runtime, actor, thread_id=thread_id, after=0)
        assert {item.id: item for item in changes.items} == {item.id: item for item in page.items}
        return [(item.text, item.sent_by) for item in page.items]

    assert await told(alice) == [("echo of Alice", ""), ("echo of Bob", "Bob")]
    assert await told(bob) == [("echo of Alice", "Alice"), ("echo of Bob", "")]
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(User, bob.user_id))
    assert await told(alice) == [("echo of Alice", ""), ("echo of Bob", timeline_pages.GONE)]
