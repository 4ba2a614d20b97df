"""Tests of `openviber_app.services.log_quota`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.services import live_topics, log_quota, logs, timeline_pages
from openviber_app.services.runtime import Runtime
from openviber_app.store import logs as rows
from openviber_app.store.tables import Run
from tests.support.board import People
from tests.support.workbench import Bench, make_bench

SIZE = 40_000
QUOTA = 100_000


def small(runtime: Runtime, quota: int = QUOTA) -> Runtime:
    """Return the same board with room for few logs."""
    return replace(runtime, settings=replace(runtime.settings, log_quota_bytes=quota))


async def finished(bench: Bench, *, size: int = SIZE) -> Run:
    """Let a run end whose log is whole."""
    run = await bench.run_of(await bench.say())
    data = b"0123456789abcde\n" * (size // 16)
    await bench.log(run.id, data, offset=0)
    await bench.finish(run, data)
    return run


async def stored(runtime: Runtime) -> int:
    async with runtime.store.read() as db:
        return await rows.count_bytes(db)


async def text_of(runtime: Runtime, actor: Actor, run: Run) -> str:
    page = await logs.get_page(
        runtime, actor, kind="run", execution_id=run.id, offset=0, limit=10**6
    )
    assert page.state.has_ended
    assert page.next_offset == page.state.stored
    return page.data.decode()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (1024**2 - 1, "1024 KiB"),
        (10 * 1024**3, "10 GiB"),
        (3 * 1024**5, "3072 TiB"),
    ],
)
def test_sizes_are_said_the_way_people_say_them(count: int, words: str) -> None:
    assert log_quota.size_in_words(count) == words


def test_the_notice_says_what_was_there_why_it_went_and_what_to_do() -> None:
    said = log_quota.notice(size=2 * 1024**2, quota=1024**3, at=datetime(2026, 11, 23, tzinfo=UTC))
    assert said == (
        b"[openviber: this log of 2 MiB was removed on 2026-11-23 because the board keeps at most "
        b"1 GiB of logs, and the oldest finished ones go first. Whoever runs the board can raise "
        b"LOG_QUOTA_BYTES]\n"
    )


async def test_within_the_quota_nothing_goes(runtime: Runtime, people: People) -> None:
    bench = await make_bench(small(runtime), people.alice.actor)
    for _ in range(2):
        await finished(bench)
        assert await log_quota.make_room(bench.runtime, added=SIZE) == 0
    assert await stored(runtime) == 2 * SIZE


async def test_the_oldest_log_goes_first_and_says_so(runtime: Runtime, people: People) -> None:
    bench = await make_bench(small(runtime), people.alice.actor)
    runs = [await finished(bench) for _ in range(2)]
    assert await log_quota.make_room(bench.runtime, added=2 * SIZE) == 0
    runs.append(await finished(bench))
    assert await log_quota.make_room(bench.runtime, added=SIZE) == 1
    oldest, *newer = runs
    said = await text_of(runtime, people.alice.actor, oldest)
    assert said.startswith("[openviber: this log of 39.1 KiB was removed on ")
    assert "97.7 KiB of logs" in said
    for run in newer:
        assert len(await text_of(runtime, people.alice.actor, run)) == SIZE
    assert await stored(runtime) == 2 * SIZE + len(said)
    row = await bench.reload(oldest)
    assert row.log_removed_at is not None
    assert (row.log_bytes, row.log_complete) == (SIZE, True)  # what it was stays known


async def test_making_room_frees_a_tenth_so_that_the_next_log_costs_none(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(small(runtime), people.alice.actor)
    for _ in range(11):
        await finished(bench, size=9_600)
    assert await log_quota.make_room(bench.runtime, added=9_600) == 2
    await finished(bench, size=9_600)
    assert await log_quota.make_room(bench.runtime, added=9_600) == 0


async def test_a_log_that_is_not_whole_is_never_touched(runtime: Runtime, people: People) -> None:
    bench = await make_bench(small(runtime), people.alice.actor)
    whole = await finished(bench)
    running = await bench.run_of(await bench.say())
    await bench.log(running.id, b"x" * 3 * QUOTA, offset=0)
    assert await log_quota.make_room(bench.runtime, added=0) == 1
    assert "was removed" in await text_of(runtime, people.alice.actor, whole)
    await bench.log(running.id, b"more", offset=3 * QUOTA)  # it goes on where it was
    await bench.end(running)  # over, but its node may still send the rest
    assert await log_quota.make_room(bench.runtime, added=0) == 0
    async with runtime.store.read() as db:
        assert await rows.get_end(db, execution_id=running.id) == 3 * QUOTA + 4


async def test_viewers_hear_of_it_and_start_again(runtime: Runtime, people: People) -> None:
    bench = await make_bench(small(runtime), people.alice.actor)
    run = await finished(bench)
    before = (await bench.row()).timeline_seq
    with runtime.bus.listening(f"log:{run.id}") as listener:
        await log_quota.make_room(small(bench.runtime, 1000), added=0)
        assert listener.wake.is_set()
    page = await live_topics.read_log(runtime, execution_id=run.id, at=SIZE)
    assert page is not None
    assert page.was_reset
    assert b"was removed" in page.data
    changes = await timeline_pages.get_changes(
        runtime, people.alice.actor, thread_id=run.thread_id, after=before, limit=9
    )
    (told,) = changes.runs
    assert told.id == run.id
    assert told.log.removed_at is not None


async def test_a_log_that_was_deleted_meanwhile_frees_nothing_twice(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(small(runtime), people.alice.actor)
    runs = [await finished(bench) for _ in range(3)]
    async with runtime.store.write() as db:
        await logs.delete(db, execution_id=runs[0].id)  # its node sends it again
    assert await log_quota.make_room(bench.runtime, added=SIZE) == 0
    assert bench.runtime.kept_logs.bytes == 2 * SIZE  # counted anew
