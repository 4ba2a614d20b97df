"""Tests of `openviber_app.store.timeline`."""

from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline import NewItem, add_items
from openviber_app.store import timeline
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def _notes(bench: Bench, *texts: str) -> None:
    async with bench.runtime.store.write() as db:
        await add_items(
            db,
            thread_id=bench.thread.id,
            items=[NewItem("notice", text) for text in texts],
            now=bench.runtime.clock.now(),
        )


async def test_numbers_are_given_once(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with runtime.store.write() as db:
        assert [*await timeline.take_seqs(db, thread_id=bench.thread.id, count=3)] == [1, 2, 3]
        assert [*await timeline.take_seqs(db, thread_id=bench.thread.id, count=1)] == [4]
    async with runtime.store.read() as db:
        assert await timeline.get_seq(db, thread_id=bench.thread.id) == 4


async def test_older_pages_end_where_the_newer_ones_began(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await _notes(bench, *(str(n) for n in range(7)))
    seen: list[str] = []
    before, more = None, True
    async with runtime.store.read() as db:
        while more:
            page, more = await timeline.list_before(
                db, thread_id=bench.thread.id, before=before, limit=3
            )
            seen = [item.text for item in page] + seen
            before = page[0].position
    assert seen == [str(n) for n in range(7)]


async def test_a_page_of_long_texts_holds_fewer_of_them_but_at_least_one(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    long = "x" * (timeline.PAGE_TEXT // 2)
    await _notes(bench, long, long, "y" * (timeline.PAGE_TEXT + 1))
    async with runtime.store.read() as db:
        last, more = await timeline.list_before(
            db, thread_id=bench.thread.id, before=None, limit=50
        )
        assert [item.text[0] for item in last] == ["y"]
        assert more
        first, more = await timeline.list_changed_items(
            db, thread_id=bench.thread.id, after=0, limit=50
        )
        assert [item.text[0] for item in first] == ["x", "x"]
        assert more
