"""What Alembic runs: migrations on the connection of store/migrate.py, or on DATABASE_URL's."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from openviber_app.settings import load_settings
from openviber_app.store import migrate
from openviber_app.store.columns import UtcDateTime
from openviber_app.store.draft_table import Draft
from openviber_app.store.mark_tables import ThreadMark
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Node
from openviber_app.store.trust_tables import Share

TABLES = (Draft, ThreadMark, User, Node, Share)  # one of each module: importing declares them
SEARCH_INDEX = "search_"  # what SQLite's triggers keep is no table of ours


def plain_type(kind: str, item: object, _context: Any) -> str | Literal[False]:
    """Write types that no later rename of ours can break."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the search index alone: it is made by hand."""
    return kind != "table" or not (name or "").startswith(SEARCH_INDEX)


def migrate_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TABLES[0].metadata,
        include_name=is_ours,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=migrate.has_other_default,
        transactional_ddl=True,
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


async def on_own_connection() -> None:
    engine = migrate.migration_engine(load_settings().database_url)
    async with engine.begin() as connection:
        await connection.run_sync(migrate_on)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(on_own_connection())
else:
    migrate_on(given)
