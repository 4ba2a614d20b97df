import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from openviber_app.services.runtime import Runtime
from openviber_app.store import settings_rows
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.people_tables import BoardSetting
from tests.support import board

UPDATES = 500


async def test_500_concurrent_updates_lose_none(runtime: Runtime) -> None:
    async def add_one() -> None:
        async with runtime.store.write() as db:
            count = await settings_rows.find_setting(db, "count") or 0
            await asyncio.sleep(0)  # another task may run between the read and the write
            await settings_rows.put_setting(db, "count", count + 1)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(UPDATES):
            tasks.create_task(add_one())
    async with runtime.store.read() as db:
        assert await settings_rows.find_setting(db, "count") == UPDATES


async def test_an_error_that_goes_to_the_log_holds_nobodys_words(runtime: Runtime) -> None:
    said = "what somebody typed"
    query = text("INSERT INTO board_settings (nothing) VALUES (:said)")
    with pytest.raises(DBAPIError) as read:
        async with runtime.store.read() as db:
            await db.execute(query, {"said": said})
    with pytest.raises(DBAPIError) as written:
        async with runtime.store.write() as db:
            await db.execute(query, {"said": said})
    with pytest.raises(DBAPIError) as at_once:
        await runtime.store.write_at_once(lambda c: c.execute(query, {"said": said}))
    for caught in (read, written, at_once):
        assert "board_settings" in str(caught.value)
        assert said not in str(caught.value)


async def test_both_ways_to_write_wait_for_each_other(runtime: Runtime) -> None:
    def add_at_once(connection: Connection) -> None:
        query = text("SELECT value FROM board_settings WHERE key = 'count'")
        count = int(connection.execute(query).scalar_one())
        change = text("UPDATE board_settings SET value = :n WHERE key = 'count'")
        connection.execute(change, {"n": str(count + 1)})

    async def add_one() -> None:
        async with runtime.store.write() as db:
            count = await settings_rows.find_setting(db, "count")
            await asyncio.sleep(0)
            await settings_rows.put_setting(db, "count", count + 1)

    async with runtime.store.write() as db:
        await settings_rows.put_setting(db, "count", 0)
    async with asyncio.TaskGroup() as tasks:
        for n in range(100):
            tasks.create_task(add_one() if n % 2 else runtime.store.write_at_once(add_at_once))
    async with runtime.store.read() as db:
        assert await settings_rows.find_setting(db, "count") == 100


async def test_two_stores_on_one_file_lose_nothing_either(tmp_path: Path) -> None:
    url = sqlite_url(await board.migrated_file(tmp_path / "board.sqlite3"))
    stores = [Store(url), Store(url)]

    async def add_one(store: Store) -> None:
        async with store.write() as db:
            count = await settings_rows.find_setting(db, "count") or 0
            await settings_rows.put_setting(db, "count", count + 1)

    async with asyncio.TaskGroup() as tasks:
        for n in range(50):
            tasks.create_task(add_one(stores[n % 2]))
    async with stores[0].read() as db:
        assert await settings_rows.find_setting(db, "count") == 50
    for store in stores:
        await store.close()


async def test_an_error_in_a_write_leaves_nothing_behind(runtime: Runtime) -> None:
    async def half() -> None:
        async with runtime.store.write() as db:
            await settings_rows.put_setting(db, "half", 1)
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half()
    async with runtime.store.read() as db:
        assert await settings_rows.find_setting(db, "half") is None


async def test_a_read_sees_one_moment_while_a_write_goes_on(runtime: Runtime) -> None:
    async with runtime.store.read() as before:
        assert await settings_rows.find_setting(before, "n") is None
        async with runtime.store.write() as db:
            await settings_rows.put_setting(db, "n", 1)
        before.expire_all()
        assert await settings_rows.find_setting(before, "n") is None
    async with runtime.store.read() as after:
        assert await settings_rows.find_setting(after, "n") == 1


async def test_rows_stay_readable_after_the_session(runtime: Runtime) -> None:
    async with runtime.store.write() as db:
        await settings_rows.put_setting(db, "n", {"a": 1})
    async with runtime.store.read() as db:
        row = await db.get(BoardSetting, "n")
    assert row is not None
    assert row.value == {"a": 1}


async def test_sqlite_runs_in_wal_with_full_sync_and_foreign_keys(runtime: Runtime) -> None:
    async with runtime.store.read() as db:
        facts = [
            (await db.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert facts == ["wal", 2, 1]
