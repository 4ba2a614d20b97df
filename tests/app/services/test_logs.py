"""Tests of `openviber_app.services.logs`."""

import hashlib
import os

import pytest

from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.reports import LogEnd
from openviber_app.services import bindings, logs, timeline_pages
from openviber_app.services.runtime import Runtime
from openviber_app.store.logs import count_bytes
from openviber_app.store.tables import Prepare, Run
from tests.support.board import People
from tests.support.workbench import add_prepare, make_bench


def _end_of(data: bytes) -> LogEnd:
    return LogEnd(len(data), data.count(b"\n"), hashlib.sha256(data).hexdigest())


async def _verify(runtime: Runtime, run_id: object, end: LogEnd) -> bool:
    async with runtime.store.write() as db:
        return await logs.verify(db, execution_id=run_id, end=end)  # pyright: ignore[reportArgumentType]


async def test_a_log_is_whole_only_when_every_byte_matches(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    data = os.urandom(2_500_000)
    await bench.log(run.id, data[:1_000_000], offset=0)
    assert not await _verify(runtime, run.id, _end_of(data))
    await bench.log(run.id, data[1_000_000:], offset=1_000_000)
    assert not await _verify(runtime, run.id, _end_of(data[:-1] + b"?"))
    assert await _verify(runtime, run.id, _end_of(data))


async def test_a_log_that_was_found_whole_shows_in_the_thread_at_once(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"words", offset=0)
    await bench.end(run, log=_end_of(b"words"))
    seen = (await bench.row()).timeline_seq
    async with runtime.store.write() as db:
        moved = await logs.complete(db, execution_id=run.id)
    assert [(m.topic, m.position) for m in moved] == [
        (f"log:{run.id}", 5),
        (f"timeline:{run.thread_id}", seen + 1),
    ]
    changes = await timeline_pages.get_changes(
        runtime, people.alice.actor, thread_id=run.thread_id, after=seen, limit=9
    )
    assert [(r.id, r.log.complete) for r in changes.runs] == [(run.id, True)]


async def test_a_prepare_or_nothing_at_all_can_be_found_whole_too(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    prepare = await add_prepare(runtime, bench.binding)
    async with runtime.store.write() as db:
        moved = await logs.complete(db, execution_id=prepare.id)
        assert await logs.complete(db, execution_id=bench.node.id) == []
    assert [m.topic for m in moved] == [f"log:{prepare.id}"]
    async with runtime.store.read() as db:
        assert (await db.get_one(Prepare, prepare.id)).log_complete


async def test_a_deleted_log_can_be_sent_again(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"broken", offset=0)
    async with runtime.store.write() as db:
        moved = await logs.delete(db, execution_id=run.id)
    assert (moved.topic, moved.position) == (f"log:{run.id}", 0)
    await bench.log(run.id, b"whole", offset=0)
    assert await _verify(runtime, run.id, _end_of(b"whole"))


async def test_of_an_execution_that_was_deleted_nothing_is_stored(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    prepare = await add_prepare(runtime, bench.binding)
    await bench.log(prepare.id, b"0123", offset=0)
    async with runtime.store.write() as db:
        with pytest.raises(ValueError, match="ends at 4"):
            await logs.append(db, execution_id=prepare.id, offset=9, data=b"x")
    await bindings.unmap(runtime, people.alice.actor, binding_id=bench.binding.id)
    async with runtime.store.write() as db:
        for offset in (4, 0):
            told = await logs.append(db, execution_id=prepare.id, offset=offset, data=b"more")
            assert told is None
    async with runtime.store.read() as db:
        assert not await logs.exists(db, execution_id=prepare.id)
        assert await count_bytes(db) == 0


async def test_a_page_tells_where_to_go_on_and_whether_more_will_come(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    alice = people.alice.actor
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"0123456789", offset=0)

    async def page(offset: int) -> logs.LogPage:
        return await logs.get_page(
            runtime, alice, kind="run", execution_id=run.id, offset=offset, limit=4
        )

    assert (await page(2)).data == b"2345"
    assert (await page(2)).next_offset == 6
    assert (await page(99)).next_offset == 10  # never past what is there
    assert not (await page(8)).state.has_ended
    await bench.end(run, log=_end_of(b"0123456789"))
    assert not (await page(8)).state.has_ended  # over, but not verified yet
    async with runtime.store.write() as db:
        (await db.get_one(Run, run.id)).log_complete = True
    assert (await page(8)).state.has_ended
    async with runtime.store.write() as db:
        await logs.delete(db, execution_id=run.id)
    assert not (await page(8)).state.has_ended


async def test_a_run_that_wrote_nothing_or_never_began_has_ended_at_once(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for log in (None, _end_of(b"")):
        run = await bench.run_of(await bench.say())
        await bench.end(run, log=log)
        page = await logs.get_page(
            runtime, people.alice.actor, kind="run", execution_id=run.id, offset=0, limit=9
        )
        assert page.state.has_ended


async def test_a_stream_is_all_that_was_there_when_it_began(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    prepare = await add_prepare(runtime, bench.binding)
    data = os.urandom(1_500_000)
    await bench.log(prepare.id, data, offset=0)
    pages = logs.stream(runtime, execution_id=prepare.id)
    found = await anext(pages)
    await bench.log(prepare.id, b"later", offset=len(data))  # no transaction is held meanwhile
    async for page in pages:
        found += page
    assert found == data


async def test_a_log_is_its_owners_and_of_its_kind(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    with pytest.raises(NotFoundError, match="no such run"):
        await logs.get_page(
            runtime, people.bob.actor, kind="run", execution_id=run.id, offset=0, limit=1
        )
    with pytest.raises(NotFoundError, match="no such prepare"):
        await logs.get_page(
            runtime, people.alice.actor, kind="prepare", execution_id=run.id, offset=0, limit=1
        )
