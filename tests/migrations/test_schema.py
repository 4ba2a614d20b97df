"""The schema changes through Alembic only, and Alembic's end is what the tables say."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from openviber_app.store import migrate
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.tables import (
    Message,
    Thread,
)
from openviber_app.store.trust_tables import AuditEvent
from tests.support.every_row import rows_of_every_table

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def tables_of(connection: sa.Connection) -> list[str]:
    """The tables that the models' rows live in; the search index is SQLite's own affair."""
    names = sa.inspect(connection).get_table_names()
    return [name for name in names if not name.startswith("search_")]


async def _count(store: Store) -> dict[str, int]:
    async with store.read() as db:
        return {
            table.name: (
                await db.execute(sa.select(sa.func.count()).select_from(table))
            ).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


async def _rows_by_table(url: str) -> dict[str, int]:
    found: dict[str, int] = {}

    def count(connection: sa.Connection) -> None:
        for table in tables_of(connection):
            total = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            found[table] = total

    await migrate.run(url, count)
    return found


def _differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "compare_server_default": migrate.has_other_default,
            "include_name": lambda name, kind, _: kind != "table" or name in tables_of(connection),
        },
    )
    return list(compare_metadata(context, SQLModel.metadata))


async def test_an_empty_database_brought_to_head_is_what_the_tables_say(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    found: list[object] = []
    await migrate.run(url, lambda connection: found.extend(_differences(connection)))
    assert found == []


async def test_the_comparison_would_see_a_missing_column(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    found: list[object] = []

    def drop_and_compare(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE users DROP COLUMN role")
        found.extend(_differences(connection))

    await migrate.run(url, drop_and_compare)
    assert found


async def test_the_comparison_would_see_another_default(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    found: list[object] = []

    def change_and_compare(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE messages DROP COLUMN text")
        connection.exec_driver_sql("ALTER TABLE messages ADD COLUMN text TEXT NOT NULL DEFAULT 'x'")
        found.extend(_differences(connection))

    await migrate.run(url, change_and_compare)
    assert found


async def test_every_table_takes_a_row(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    store = Store(url)
    async with store.write() as db:
        for row in rows_of_every_table():
            db.add(row)
            await db.flush()
    assert set((await _count(store)).values()) == {1}
    await store.close()


async def test_each_step_goes_down_and_up_again_with_rows_in_it(tmp_path: Path) -> None:
    """All rows go with their tables at `base`; steps between revisions keep what both know."""
    url = sqlite_url(tmp_path / "board.sqlite3")
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    revisions = [script.revision for script in scripts.walk_revisions()]
    await migrate.upgrade(url)
    store = Store(url)
    async with store.write() as db:
        for row in rows_of_every_table():
            db.add(row)
            await db.flush()
    await store.close()
    for older in revisions[1:]:
        await migrate.downgrade(url, older)
        assert set((await _rows_by_table(url)).values()) == {1}
    await migrate.downgrade(url, "base")
    tables: list[str] = []
    await migrate.run(
        url, lambda connection: tables.extend(sa.inspect(connection).get_table_names())
    )
    assert tables == ["alembic_version"]
    for newer in reversed(revisions):
        await migrate.upgrade(url, newer)
    found: list[object] = []
    await migrate.run(url, lambda connection: found.extend(_differences(connection)))
    assert found == []


async def test_what_was_said_before_senders_were_kept_is_the_threads_owners(
    tmp_path: Path,
) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    store = Store(url)
    async with store.write() as db:
        for row in rows_of_every_table():
            db.add(row)
            await db.flush()
    await store.close()
    await migrate.downgrade(url, "0006_marks_and_search")
    await migrate.upgrade(url)
    store = Store(url)
    async with store.read() as db:
        sender = (await db.execute(select(Message.sent_by))).scalar_one()
        owner = (await db.execute(select(Thread.user_id))).scalar_one()
    await store.close()
    assert sender == owner


async def test_deleting_a_person_takes_every_row_of_theirs(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    store = Store(url)
    async with store.write() as db:
        for row in rows_of_every_table():
            db.add(row)
            await db.flush()
    async with store.write() as db:
        await db.execute(sa.text("DELETE FROM users"))
    left = {name for name, count in (await _count(store)).items() if count}
    await store.close()
    nobodys = {"board_settings", "log_chunks", "audit_events", "key_rotations"}
    assert left == nobodys  # and without a foreign key


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET action = ''", "DELETE FROM audit_events"]
)
async def test_what_was_done_is_never_changed(tmp_path: Path, change: str) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    store = Store(url)
    async with store.write() as db:
        db.add(AuditEvent(created_at=NOW, action="node.revoked"))

    async def tamper() -> None:
        async with store.write() as db:
            await db.execute(sa.text(change))

    with pytest.raises(IntegrityError, match="never changed"):
        await tamper()
    await store.close()


async def test_a_failing_migration_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")

    def half(connection: sa.Connection) -> None:
        command.upgrade(migrate.alembic_config(connection), "head")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await migrate.run(url, half)
    tables: list[str] = []
    await migrate.run(
        url, lambda connection: tables.extend(sa.inspect(connection).get_table_names())
    )
    assert tables == []


async def test_boards_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(migrate.upgrade(url))
    found: list[object] = []
    await migrate.run(url, lambda connection: found.extend(_differences(connection)))
    assert found == []


def test_there_is_one_head_and_no_package_around_it() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    assert len(scripts.get_heads()) == 1
    folder = ROOT / "alembic"
    assert not list(folder.rglob("__init__.py"))  # it would shadow the library
