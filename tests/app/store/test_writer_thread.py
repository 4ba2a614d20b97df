"""A transaction in one trip is as whole as one in many."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from openviber_app.store.engine import Store, sqlite_url
from tests.support.processes import DEADLINE_SECONDS


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(sqlite_url(tmp_path / "a.sqlite3"))
    try:
        async with opened.write() as db:
            await db.execute(sa.text("CREATE TABLE t (n INTEGER)"))
        yield opened
    finally:
        await opened.close()


def add(connection: sa.Connection) -> int:
    connection.execute(sa.text("INSERT INTO t VALUES (1)"))
    return count(connection)


def count(connection: sa.Connection) -> int:
    return connection.execute(sa.text("SELECT count(*) FROM t")).scalar_one()


async def test_an_error_leaves_nothing_behind(store: Store) -> None:
    def fail(connection: sa.Connection) -> None:
        add(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write_at_once(fail)
    assert await store.write_at_once(add) == 1


async def test_it_syncs_and_keeps_foreign_keys_as_every_writer_does(store: Store) -> None:
    def facts(connection: sa.Connection) -> list[int]:
        names = ("synchronous", "foreign_keys", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert await store.write_at_once(facts) == [2, 1, 30_000]


async def test_two_stores_on_one_file_lose_no_update(store: Store) -> None:
    other = Store(store.url)

    def read_and_write(connection: sa.Connection) -> None:
        before = count(connection)
        connection.execute(sa.text("DELETE FROM t"))
        for _ in range(before + 1):
            connection.execute(sa.text("INSERT INTO t VALUES (1)"))

    async with asyncio.TaskGroup() as tasks:
        for n in range(40):
            tasks.create_task((store, other)[n % 2].write_at_once(read_and_write))
    assert await store.write_at_once(count) == 40
    await other.close()


async def test_a_transaction_whose_caller_was_cancelled_ends_whole_and_locks_nobody_out(
    store: Store,
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> None:
        add(connection)
        began.set()
        assert go_on.wait(DEADLINE_SECONDS)
        add(connection)

    work = asyncio.ensure_future(store.write_at_once(slow))
    await asyncio.to_thread(began.wait, DEADLINE_SECONDS)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    async def next_writer() -> int:
        async with store.write() as db:
            return (await db.execute(sa.text("SELECT count(*) FROM t"))).scalar_one()

    following = asyncio.ensure_future(next_writer())
    go_on.set()
    assert await following == 2
    assert await store.write_at_once(add) == 3


async def test_closing_waits_for_what_was_begun(store: Store) -> None:
    other = Store(store.url)
    began, go_on = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> None:
        began.set()
        assert go_on.wait(DEADLINE_SECONDS)
        add(connection)

    work = asyncio.ensure_future(other.write_at_once(slow))
    await asyncio.to_thread(began.wait, DEADLINE_SECONDS)
    closing = asyncio.ensure_future(other.close())
    go_on.set()
    await closing
    await work
    assert await store.write_at_once(count) == 1
