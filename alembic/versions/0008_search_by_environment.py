"""The search index without the people who own threads: a search looks into environments."""

from alembic import op

revision = "0008_search_by_environment"
down_revision = "0007_trust"
branch_labels = None
depends_on = None

SEARCH_SIZE = 16384
SEARCH_TRIGGERS = (
    *("search_entry_added", "search_entry_removed", "search_entry_changed"),
    *("search_item_added", "search_item_changed", "search_item_removed"),
    *("search_title_added", "search_title_changed"),
)


def upgrade() -> None:
    _search("place")


def downgrade() -> None:
    _search("owner", "place")


def _search(*named: str) -> None:
    """Make SQLite's search index anew, with texts kept under these columns of their threads.

    A search looks into environments now: `owner` was in the index, and nobody asked for it any more.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    for trigger in SEARCH_TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger}")
    op.execute("DROP TABLE search_words")
    op.execute("ALTER TABLE search_entries RENAME TO search_entries_before")
    columns = {"owner": "threads.user_id", "place": "threads.environment_id"}
    names, sources = ", ".join(named), ", ".join(columns[name] for name in named)
    declared = ", ".join(f"{name} CHAR(32) NOT NULL" for name in named)
    for statement in (
        f"""CREATE TABLE search_entries (
            id INTEGER PRIMARY KEY,
            {declared},
            thread_id CHAR(32) NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            item_id CHAR(32) NOT NULL UNIQUE,
            words TEXT NOT NULL
        )""",
        f"""INSERT INTO search_entries (id, {names}, thread_id, item_id, words)
            SELECT entry.id, {sources}, entry.thread_id, entry.item_id, entry.words
            FROM search_entries_before AS entry JOIN threads ON threads.id = entry.thread_id""",
        "DROP TABLE search_entries_before",
        "CREATE INDEX search_entries_of_thread ON search_entries (thread_id)",
        f"""CREATE VIRTUAL TABLE search_words USING fts5(
            {names}, words, content='', prefix='1 2 3',
            tokenize='unicode61 remove_diacritics 2'
        )""",
        f"INSERT INTO search_words (rowid, {names}, words) "
        f"SELECT id, {_marked('search_entries', named)}, words FROM search_entries",
        *_search_triggers(named, names, sources),
    ):
        op.execute(statement)


def _marked(row: str, named: tuple[str, ...]) -> str:
    """Begin what is no word with a letter that no word begins with."""
    return ", ".join(f"'\u16a0' || {row}.{name}" for name in named)


def _search_triggers(named: tuple[str, ...], names: str, sources: str) -> tuple[str, ...]:
    into = f"INSERT INTO search_words (rowid, {names}, words)"
    add = f"{into} VALUES (new.id, {_marked('new', named)}, new.words);"
    remove = (
        f"INSERT INTO search_words (search_words, rowid, {names}, words) "
        f"VALUES ('delete', old.id, {_marked('old', named)}, old.words);"
    )

    def write(item: str, words: str, thread: str) -> str:
        return (
            f"INSERT INTO search_entries ({names}, thread_id, item_id, words) "
            f"SELECT {sources}, id, {item}, substr({words}, 1, {SEARCH_SIZE}) FROM threads "
            f"WHERE id = {thread} ON CONFLICT (item_id) DO UPDATE SET words = excluded.words"
        )

    def changed(text: str) -> str:
        return (
            f"substr(old.{text}, 1, {SEARCH_SIZE}) IS NOT substr(new.{text}, 1, {SEARCH_SIZE})"
        )

    item = write("new.id", "new.text", "new.thread_id")
    title = write("new.id", "new.title", "new.id")
    bodies = (
        f"AFTER INSERT ON search_entries BEGIN {add} END",
        f"AFTER DELETE ON search_entries BEGIN {remove} END",
        f"AFTER UPDATE ON search_entries BEGIN {remove} {add} END",
        f"AFTER INSERT ON timeline_items WHEN new.text <> '' BEGIN {item}; END",
        f"AFTER UPDATE OF text ON timeline_items WHEN {changed('text')} BEGIN {item}; END",
        "AFTER DELETE ON timeline_items "
        "BEGIN DELETE FROM search_entries WHERE item_id = old.id; END",
        f"AFTER INSERT ON threads WHEN new.title <> '' BEGIN {title}; END",
        f"AFTER UPDATE OF title ON threads WHEN {changed('title')} BEGIN {title}; END",
    )
    return tuple(
        f"CREATE TRIGGER {name} {body}" for name, body in zip(SEARCH_TRIGGERS, bodies, strict=True)
    )
