"""Cursors that execute and fetch in one trip."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.sqlite import connect
from openviber_app.store.sqlite_cursor import WholeCursor

NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n"
)


async def test_a_statement_goes_to_the_thread_once(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "a.sqlite3"), timeout=5)
    trips: list[object] = []
    whole = connection._execute

    async def counted(fn: Any, *args: Any, **kwargs: Any) -> Any:
        trips.append(fn)
        return await whole(fn, *args, **kwargs)

    connection._execute = counted
    try:
        cursor = await connection.cursor()
        assert isinstance(cursor, WholeCursor)
        await cursor.execute(NUMBERS)
        assert [row[0] for row in await cursor.fetchall()] == list(range(1, 11))
        await cursor.close()
        assert len(trips) == 1
    finally:
        await connection.close()


async def test_rows_can_be_fetched_in_parts(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "a.sqlite3"), timeout=5)
    try:
        cursor = await connection.cursor()
        await cursor.execute(NUMBERS)
        assert await cursor.fetchone() == (1,)
        assert await cursor.fetchmany(2) == [(2,), (3,)]
        assert len(list(await cursor.fetchall())) == 7
        assert await cursor.fetchone() is None
        assert await cursor.fetchall() == []
    finally:
        await connection.close()


async def test_a_statement_that_was_read_to_its_end_locks_nothing(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "a.sqlite3"))
    try:
        async with store.write() as db:
            await db.execute(sa.text("CREATE TABLE t (n INTEGER)"))
            await db.execute(sa.text("INSERT INTO t VALUES (1), (2)"))
        async with store.write() as db:
            changed = await db.execute(sa.text("UPDATE t SET n = n + 1 RETURNING n"))
            assert changed.scalars().all() == [2, 3]
        async with store.write() as db:
            await db.execute(sa.text("DROP TABLE t"))  # refused while a statement reads from it
    finally:
        await store.close()


async def test_an_error_of_sqlite_reaches_the_caller(tmp_path: Path) -> None:
    store = Store(sqlite_url(tmp_path / "a.sqlite3"))
    try:
        with pytest.raises(OperationalError, match="no such table"):
            async with store.read() as db:
                await db.execute(sa.text("SELECT * FROM absent"))
        async with store.read() as db:
            assert (await db.execute(sa.text("SELECT 1"))).scalar() == 1
    finally:
        await store.close()
