"""Tests of `openviber_app.store.logs`."""

import os
import random

import pytest
import sqlalchemy as sa

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store import logs
from openviber_app.store.tables import LogChunk

ROWS = LogChunk.__table__  # pyright: ignore[reportAttributeAccessIssue]


async def _sizes(runtime: Runtime) -> list[int]:
    async with runtime.store.read() as db:
        query = sa.select(sa.func.length(ROWS.c.data)).order_by(ROWS.c.offset)
        return list((await db.execute(query)).scalars())


async def _add(runtime: Runtime, log: object, data: bytes, *, offset: int) -> None:
    async with runtime.store.write() as db:
        await logs.add_bytes(db, execution_id=log, offset=offset, data=data)  # pyright: ignore[reportArgumentType]


async def test_what_is_read_is_what_was_added_however_it_was_cut(runtime: Runtime) -> None:
    log, source, dice = new_id(), os.urandom(300_000), random.Random(7)
    offset = 0
    async with runtime.store.write() as db:
        while offset < len(source):
            size = dice.choice([1, 80, 1024, 9000, 70_000, 150_000])
            data = source[offset : offset + size]
            await logs.add_bytes(db, execution_id=log, offset=offset, data=data)
            offset += len(data)
    assert max(await _sizes(runtime)) <= logs.MAX_ROW_BYTES
    async with runtime.store.read() as db:
        assert await logs.get_end(db, execution_id=log) == len(source)
        for _ in range(50):
            at, limit = dice.randrange(len(source)), dice.randrange(1, 100_000)
            found = await logs.get_bytes(db, execution_id=log, offset=at, limit=limit)
            assert found == source[at : at + limit]
        pages = [page async for page in logs.iterate(db, execution_id=log, offset=5)]
    assert b"".join(pages) == source[5:]


async def test_single_lines_share_rows(runtime: Runtime) -> None:
    log, line = new_id(), b"x" * 99 + b"\n"
    async with runtime.store.write() as db:
        for n in range(1000):
            await logs.add_bytes(db, execution_id=log, offset=n * 100, data=line)
    sizes = await _sizes(runtime)
    assert sum(sizes) == 100_000
    assert len(sizes) == 13  # a row is followed only once it has 8 KiB


async def test_a_small_row_is_filled_up_to_its_limit_and_no_further(runtime: Runtime) -> None:
    log = new_id()
    await _add(runtime, log, b"a" * 10, offset=0)
    await _add(runtime, log, b"b" * logs.MAX_ROW_BYTES, offset=10)
    assert await _sizes(runtime) == [logs.MAX_ROW_BYTES, 10]


async def test_a_hole_and_an_overlap_are_refused(runtime: Runtime) -> None:
    log = new_id()
    await _add(runtime, log, b"abc", offset=0)
    for offset in (2, 4):
        with pytest.raises(ValueError, match="ends at 3"):
            await _add(runtime, log, b"x", offset=offset)
    assert await _sizes(runtime) == [3]


async def test_beyond_the_end_there_is_nothing(runtime: Runtime) -> None:
    log = new_id()
    await _add(runtime, log, b"abc", offset=0)
    async with runtime.store.read() as db:
        for at in (3, 4, 1000):
            assert await logs.get_bytes(db, execution_id=log, offset=at, limit=10) == b""
        assert await logs.get_bytes(db, execution_id=new_id(), offset=0, limit=10) == b""
        assert await logs.get_bytes(db, execution_id=log, offset=0, limit=0) == b""


async def test_deleting_one_log_leaves_the_others(runtime: Runtime) -> None:
    gone, kept = new_id(), new_id()
    await _add(runtime, gone, b"gone", offset=0)
    await _add(runtime, kept, b"kept", offset=0)
    async with runtime.store.write() as db:
        await logs.delete_log(db, execution_id=gone)
    async with runtime.store.read() as db:
        assert await logs.get_end(db, execution_id=gone) == 0
        assert await logs.get_bytes(db, execution_id=kept, offset=0, limit=9) == b"kept"
        assert await logs.count_bytes(db) == 4
