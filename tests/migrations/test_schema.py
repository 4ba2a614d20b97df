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

from openviber_app.domain.ids import new_id
from openviber_app.store import migrate
from openviber_app.store.draft_table import Draft
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.mark_tables import EnvironmentMark, ThreadMark
from openviber_app.store.people_tables import (
    ApiToken,
    BoardSetting,
    Identity,
    Invite,
    PasswordReset,
    User,
    UserSession,
)
from openviber_app.store.tables import (
    Binding,
    Command,
    Environment,
    EnvironmentSecret,
    EnvironmentVar,
    LogChunk,
    Message,
    Node,
    OnboardToken,
    Prepare,
    Run,
    StreamCursor,
    Thread,
    TimelineItem,
)
from openviber_app.store.trust_tables import AuditEvent, KeyRotation, SecretDelivery, Share

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def rows_of_every_table() -> list[SQLModel]:
    """One row of each table, each referring to the others."""
    user, environment, node = new_id(), new_id(), new_id()
    binding, thread, message, run = new_id(), new_id(), new_id(), new_id()
    return [
        User(id=user, name="Ada", email="ada@example.test", password_hash="x", created_at=NOW),
        BoardSetting(key="a", value={"b": 1}),
        UserSession(token_hash="s", user_id=user, created_at=NOW, expires_at=NOW, last_seen_at=NOW),
        ApiToken(user_id=user, name="ci", token_hash="t", created_at=NOW),
        Identity(user_id=user, issuer="https://id.example.test", subject="1", created_at=NOW),
        Invite(created_by=user, token_hash="i", created_at=NOW, expires_at=NOW),
        PasswordReset(user_id=user, token_hash="p", created_at=NOW, expires_at=NOW),
        KeyRotation(to_key_id="local:a:2", started_at=NOW),
        AuditEvent(created_at=NOW, actor_id=user, action="node.revoked"),
        Draft(user_id=user, key="a", value={"b": 1}, updated_at=NOW),
        Node(id=node, user_id=user, name="studio-01", created_at=NOW),
        OnboardToken(user_id=user, node_id=node, token_hash="o", created_at=NOW, expires_at=NOW),
        Command(node_id=node, type="environment:prepare", created_at=NOW),
        StreamCursor(node_id=node, stream="control", next=2**40),
        Environment(
            id=environment, user_id=user, name="E", type="manual", created_at=NOW, updated_at=NOW
        ),
        EnvironmentVar(environment_id=environment, key="A", value="1"),
        EnvironmentSecret(
            environment_id=environment,
            key="B",
            encrypted_value=b"\1",
            kms_key_id="local:a:1",
            created_at=NOW,
        ),
        Share(environment_id=environment, user_id=user, role="viewer", created_at=NOW),
        SecretDelivery(
            node_id=node,
            environment_id=environment,
            secret_id=new_id(),
            key="B",
            version=1,
            command_id=new_id(),
            first_at=NOW,
            last_at=NOW,
        ),
        Binding(id=binding, environment_id=environment, node_id=node, created_at=NOW),
        Prepare(binding_id=binding, command_id=new_id(), attempt=1, created_at=NOW),
        LogChunk(execution_id=new_id(), offset=2**40, data=b"line\n"),
        Thread(
            id=thread,
            user_id=user,
            environment_id=environment,
            title="T",
            last_message_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        ),
        ThreadMark(user_id=user, thread_id=thread, read_at=NOW),
        EnvironmentMark(user_id=user, environment_id=environment, used_at=NOW),
        Message(id=message, thread_id=thread, text="ls", created_at=NOW),
        Run(id=run, thread_id=thread, message_id=message, command_id=new_id(), created_at=NOW),
        TimelineItem(
            thread_id=thread,
            run_id=run,
            position=1,
            seq=1,
            kind="user_message",
            created_at=NOW,
            updated_at=NOW,
        ),
    ]


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


INDEX = {
    "search_entry_added",
    "search_entry_changed",
    "search_entry_removed",
    "search_item_added",
    "search_item_changed",
    "search_item_removed",
    "search_title_added",
    "search_title_changed",
}


async def test_no_migration_loses_the_triggers_that_keep_the_search_index(tmp_path: Path) -> None:
    """Changing `threads` or `timeline_items` by a copy drops them: make them anew there."""
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    found: set[str] = set()
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    await migrate.run(
        url, lambda connection: found.update(connection.exec_driver_sql(query).scalars())
    )
    assert found >= INDEX


async def _found_by_words(url: str) -> tuple[set[str], dict[str, str], list[tuple[str, str]]]:
    """Return the index's columns, the parts that it is searched by, and what "kept" finds."""
    columns: set[str] = set()
    parts: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    def look(connection: sa.Connection) -> None:
        rows = connection.exec_driver_sql("SELECT name FROM pragma_table_info('search_entries')")
        columns.update(rows.scalars())
        names = connection.exec_driver_sql("SELECT name FROM pragma_table_info('search_words')")
        for name in names.scalars():
            if name in columns and name != "words":
                (value,) = connection.exec_driver_sql(
                    f"SELECT DISTINCT {name} FROM search_entries"
                ).scalars()
                parts[name] = value
        for name, value in parts.items():
            match = f'{name}:"\u16a0{value}" AND words:"kept"*'
            query = (
                "SELECT entry.id, entry.words FROM search_words JOIN search_entries AS entry "
                "ON entry.id = search_words.rowid WHERE search_words MATCH ? ORDER BY 1"
            )
            found.extend(
                (f"{row[0]}", row[1]) for row in connection.exec_driver_sql(query, (match,))
            )

    await migrate.run(url, look)
    return columns, parts, found


async def test_the_search_index_is_kept_by_environment_alone(tmp_path: Path) -> None:
    """Nobody searches by owner since environments are shared; the step back knows it again."""
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    store = Store(url)
    rows = rows_of_every_table()
    thread = next(row for row in rows if isinstance(row, Thread))
    async with store.write() as db:
        for row in rows:
            if isinstance(row, Thread):
                row.title = "kept title"
            if isinstance(row, TimelineItem):
                row.text = "kept text"
            db.add(row)
            await db.flush()
    await store.close()
    both = [("1", "kept title"), ("2", "kept text")]
    columns, parts, found = await _found_by_words(url)
    assert "owner" not in columns
    assert (parts, found) == ({"place": thread.environment_id.hex}, both)
    await migrate.downgrade(url, "0006_marks_and_search")
    columns, parts, found = await _found_by_words(url)
    assert parts == {"owner": thread.user_id.hex, "place": thread.environment_id.hex}
    assert found == both * 2
    await migrate.upgrade(url)
    store = Store(url)
    async with store.write() as db:
        kept = await db.get_one(Thread, thread.id)
        kept.title = "another kept title"
    await store.close()
    columns, parts, found = await _found_by_words(url)
    assert "owner" not in columns
    assert found == [("1", "another kept title"), ("2", "kept text")]
