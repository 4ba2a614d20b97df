"""Tests of `openviber_app.services.timeline`."""

from openviber_app.domain.reports import ItemRecord
from openviber_app.services import timeline
from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline_pages import ItemView, get_page
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def _items(bench: Bench, kind: str = "terminal") -> list[ItemView]:
    page = await get_page(bench.runtime, bench.actor, thread_id=bench.thread.id)
    return [item for item in page.items if item.kind == kind]


def _upsert(name: str = "t1", **more: object) -> ItemRecord:
    return ItemRecord(op="upsert", id=name, kind="terminal", **more)  # pyright: ignore[reportArgumentType]


async def test_an_upsert_replaces_only_what_it_gives(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.tell(run, _upsert(status="running", text="make", fields={"title": "make", "a": 1}))
    await bench.tell(run, ItemRecord(op="upsert", id="t1", status="completed", fields={"a": 2}))
    (item,) = await _items(bench)
    assert (item.kind, item.status, item.text) == ("terminal", "completed", "make")
    assert item.fields == {"title": "make", "a": 2}
    await bench.tell(run, _upsert(text="make -j"))
    assert [found.text for found in await _items(bench)] == ["make -j"]


async def test_appended_text_grows_in_order_even_within_one_report(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.tell(run, _upsert(text="a"), ItemRecord(op="append", id="t1", text="b"))
    await bench.tell(run, *(ItemRecord(op="append", id="t1", text=c) for c in "cde"))
    assert [item.text for item in await _items(bench)] == ["abcde"]


async def test_a_place_is_for_good_and_every_change_has_a_number_of_its_own(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.tell(run, _upsert("one"), _upsert("two"))
    before = await _items(bench)
    await bench.tell(run, _upsert("one", text="changed"))
    after = await _items(bench)
    assert [item.position for item in after] == [item.position for item in before]
    assert after[0].seq > after[1].seq > before[0].seq
    page = await get_page(runtime, people.alice.actor, thread_id=bench.thread.id)
    numbers = [row.seq for row in [*page.items, *page.runs]]
    assert len(set(numbers)) == len(numbers)
    assert page.seq == max(numbers)


async def test_the_same_name_in_two_runs_is_two_items(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    first = await bench.run_of(await bench.say())
    await bench.tell(first, _upsert(text="first"))
    await bench.end(first)
    second = await bench.run_of(await bench.say())
    await bench.tell(second, _upsert(text="second"))
    assert [item.text for item in await _items(bench)] == ["first", "second"]


async def test_text_past_the_limit_is_cut_and_said_once(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    big = "x" * (timeline.MAX_ITEM_TEXT - 1)
    await bench.tell(run, _upsert(text=big))
    await bench.tell(run, ItemRecord(op="append", id="t1", text="yz"))
    await bench.tell(run, ItemRecord(op="append", id="t1", text="more"))
    (notice,) = await _items(bench, "notice")
    assert "cut at 1048576 characters" in notice.text
    older = await get_page(  # too long to share a page with anything
        runtime, bench.actor, thread_id=bench.thread.id, before=notice.position
    )
    assert [item.text for item in older.items] == [big + "y"]


async def test_what_a_run_left_open_is_closed_with_it(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for exit_code, status in ((0, "completed"), (3, "failed")):
        run = await bench.run_of(await bench.say())
        await bench.tell(run, _upsert(status="running"))
        await bench.end(run, exit_code=exit_code)
        assert (await _items(bench))[-1].status == status
