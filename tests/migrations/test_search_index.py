"""The index that threads are searched by, and the triggers that keep it."""

from pathlib import Path

import sqlalchemy as sa

from openviber_app.store import migrate
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.tables import Thread, TimelineItem
from tests.support.every_row import rows_of_every_table

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
