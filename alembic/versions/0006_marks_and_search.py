"""What people note about threads and environments; on SQLite an index of the threads' words."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006_marks_and_search"
down_revision = "0005_node_links"
branch_labels = None
depends_on = None

# the index is external content of search_entries: 'delete' needs the very values that went in
OWNER = "'\u16a0' || {row}.owner"
PLACE = "'\u16a0' || {row}.place"
SIZE = 16384
INDEX = (
    """CREATE TABLE search_entries (
        id INTEGER PRIMARY KEY,
        owner CHAR(32) NOT NULL,
        place CHAR(32) NOT NULL,
        thread_id CHAR(32) NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        item_id CHAR(32) NOT NULL UNIQUE,
        words TEXT NOT NULL
    )""",
    "CREATE INDEX search_entries_of_thread ON search_entries (thread_id)",
    """CREATE VIRTUAL TABLE search_words USING fts5(
        owner, place, words, content='', prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 2'
    )""",
    f"""CREATE TRIGGER search_entry_added AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_words (rowid, owner, place, words)
        VALUES (new.id, {OWNER.format(row="new")}, {PLACE.format(row="new")}, new.words);
    END""",
    f"""CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_words (search_words, rowid, owner, place, words) VALUES
        ('delete', old.id, {OWNER.format(row="old")}, {PLACE.format(row="old")}, old.words);
    END""",
    f"""CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entries BEGIN
        INSERT INTO search_words (search_words, rowid, owner, place, words) VALUES
        ('delete', old.id, {OWNER.format(row="old")}, {PLACE.format(row="old")}, old.words);
        INSERT INTO search_words (rowid, owner, place, words)
        VALUES (new.id, {OWNER.format(row="new")}, {PLACE.format(row="new")}, new.words);
    END""",
)
# the entry of a title has the thread's own id as its item's
WRITE = (
    "INSERT INTO search_entries (owner, place, thread_id, item_id, words) "
    "SELECT user_id, environment_id, id, {item}, substr({words}, 1, {size}) FROM threads "
    "WHERE id = {thread} ON CONFLICT (item_id) DO UPDATE SET words = excluded.words"
)
ITEM = WRITE.format(item="new.id", words="new.text", thread="new.thread_id", size=SIZE)
TITLE = WRITE.format(item="new.id", words="new.title", thread="new.id", size=SIZE)
CHANGED = "substr(old.{text}, 1, {size}) IS NOT substr(new.{text}, 1, {size})"
TRIGGERS = (
    "CREATE TRIGGER search_item_added AFTER INSERT ON timeline_items WHEN new.text <> '' "
    f"BEGIN {ITEM}; END",
    "CREATE TRIGGER search_item_changed AFTER UPDATE OF text ON timeline_items "
    f"WHEN {CHANGED.format(text='text', size=SIZE)} BEGIN {ITEM}; END",
    "CREATE TRIGGER search_item_removed AFTER DELETE ON timeline_items "
    "BEGIN DELETE FROM search_entries WHERE item_id = old.id; END",
    "CREATE TRIGGER search_title_added AFTER INSERT ON threads WHEN new.title <> '' "
    f"BEGIN {TITLE}; END",
    "CREATE TRIGGER search_title_changed AFTER UPDATE OF title ON threads "
    f"WHEN {CHANGED.format(text='title', size=SIZE)} BEGIN {TITLE}; END",
)
FILL = (
    "INSERT INTO search_entries (owner, place, thread_id, item_id, words) "
    "SELECT user_id, environment_id, id, id, title FROM threads WHERE title <> '' ORDER BY id",
    "INSERT INTO search_entries (owner, place, thread_id, item_id, words) "
    "SELECT threads.user_id, threads.environment_id, threads.id, timeline_items.id, "
    f"substr(text, 1, {SIZE}) FROM timeline_items "
    "JOIN threads ON threads.id = timeline_items.thread_id "
    "WHERE text <> '' ORDER BY timeline_items.id",
)


def upgrade() -> None:
    for table, noun, moment in (
        ("thread_marks", "thread", "read_at"),
        ("environment_marks", "environment", "used_at"),
    ):
        op.create_table(
            table,
            sa.Column("user_id", sa.Uuid(), nullable=False),
            sa.Column(f"{noun}_id", sa.Uuid(), nullable=False),
            sa.Column(moment, sa.DateTime(timezone=True), nullable=True),
            sa.Column("is_pinned", sa.Boolean(), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                [f"{noun}_id"],
                [f"{noun}s.id"],
                name=op.f(f"fk_{table}_{noun}_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("user_id", f"{noun}_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{noun}_id"), table, [f"{noun}_id"], unique=False)
    # what ended before anybody could mark it is no news
    op.get_bind().execute(
        sa.text(
            "INSERT INTO thread_marks (user_id, thread_id, read_at, is_pinned) "
            "SELECT user_id, id, :now, :no FROM threads"
        ).bindparams(
            sa.bindparam("now", datetime.now(UTC), type_=sa.DateTime(timezone=True)),
            sa.bindparam("no", False, type_=sa.Boolean()),
        )
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*INDEX, *TRIGGERS, *FILL):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in TRIGGERS:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
        op.execute("DROP TABLE search_words")
        op.execute("DROP TABLE search_entries")
    for table in ("environment_marks", "thread_marks"):
        op.drop_table(table)
