"""SQL of how far each stream of a node is committed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.tables import StreamCursor

_cursors = StreamCursor.__table__  # pyright: ignore[reportAttributeAccessIssue] - SQLModel adds it


def _move(insert: Callable[..., Any]) -> sa.Executable:
    statement = insert(_cursors)
    return statement.on_conflict_do_update(
        index_elements=["node_id", "stream"],
        set_={"next": statement.excluded.next},
        where=_cursors.c.next == sa.bindparam("before"),
    ).returning(_cursors.c.next)


_MOVE = {"sqlite": _move(sqlite_insert), "postgresql": _move(postgres_insert)}
"""By dialect, written once: every batch of every node executes it."""


@dataclass(frozen=True, slots=True)
class CursorMove:
    """A stream that goes from one position to another."""

    stream: str
    before: int
    after: int


async def list_cursors(
    db: AsyncSession, *, node_id: UUID, streams: Sequence[str]
) -> dict[str, StreamCursor]:
    """Return the cursors of those of the streams that are known."""
    query = select(StreamCursor).where(
        StreamCursor.node_id == node_id, col(StreamCursor.stream).in_(streams)
    )
    return {row.stream: row for row in (await db.execute(query)).scalars()}


async def move_cursors(db: AsyncSession, *, node_id: UUID, moves: Sequence[CursorMove]) -> bool:
    """Move every cursor, or return False when one was not where it was thought to be.

    That happens when another session of the node wrote meanwhile: the caller rolls back.
    """
    connection = await db.connection()
    return await connection.run_sync(partial(move_at_once, node_id=node_id, moves=moves))


def move_at_once(connection: sa.Connection, *, node_id: UUID, moves: Sequence[CursorMove]) -> bool:
    """Do what `move_cursors` does, in the thread of a connection."""
    statement = _MOVE[connection.dialect.name]
    for move in moves:
        values = {
            "node_id": node_id,
            "stream": move.stream,
            "next": move.after,
            "is_settled": False,
            "before": move.before,
        }
        if connection.execute(statement, values).scalar_one_or_none() is None:
            return False
    return True


async def settle(db: AsyncSession, *, node_id: UUID, streams: Sequence[str]) -> None:
    """Mark streams as complete."""
    await db.execute(
        sa.update(StreamCursor)
        .where(col(StreamCursor.node_id) == node_id, col(StreamCursor.stream).in_(streams))
        .values(is_settled=True)
    )


async def rewind(db: AsyncSession, *, node_id: UUID, stream: str, to: int) -> None:
    """Go back to an earlier position of a stream: what followed is to be sent again."""
    await db.execute(
        sa.update(StreamCursor)
        .where(col(StreamCursor.node_id) == node_id, col(StreamCursor.stream) == stream)
        .values(next=to, is_settled=False)
    )
