"""The bytes of executions' logs, in rows of at most 64 KiB."""

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.store.tables import LogChunk

MAX_ROW_BYTES = 64 * 1024
SMALL_ROW_BYTES = 8 * 1024
"""A last row below this size is filled up, not followed: a log of single lines has few rows."""

PAGE_BYTES = 1024 * 1024

_chunks = LogChunk.__table__  # pyright: ignore[reportAttributeAccessIssue] - SQLModel adds it
_offset, _data = _chunks.c.offset, _chunks.c.data

# Written once: to build them anew for each batch took longer than SQLite takes to carry them out.
_size = sa.func.length(_data)
_LAST_ROW = (
    sa.select(_offset, _size, sa.case((_size < SMALL_ROW_BYTES, _data)))
    .where(_chunks.c.execution_id == sa.bindparam("of_execution"))
    .order_by(_offset.desc())
    .limit(1)
)
_FILL_UP = (
    sa.update(_chunks)
    .where(_chunks.c.execution_id == sa.bindparam("of_execution"), _offset == sa.bindparam("at"))
    .values(data=sa.bindparam("filled"))
)
_FOLLOW = sa.insert(_chunks)


async def add_bytes(db: AsyncSession, *, execution_id: UUID, offset: int, data: bytes) -> None:
    """Store `data` at `offset`, which is where the log ended until now.

    Join what is contiguous before the call.

    Raises:
        ValueError: `offset` is not the end of what is stored.
    """
    connection = await db.connection()
    await connection.run_sync(
        partial(add_at_once, execution_id=execution_id, offset=offset, data=data)
    )


def add_at_once(connection: sa.Connection, *, execution_id: UUID, offset: int, data: bytes) -> None:
    """Do what `add_bytes` does, in the thread of a connection: this is the hot path of ingest."""
    last = connection.execute(_LAST_ROW, {"of_execution": execution_id}).first()
    end = last[0] + last[1] if last else 0
    if offset != end:
        raise ValueError(f"the log {execution_id} ends at {end}, not at {offset}")
    if last is not None and last[2] is not None and data:
        room = MAX_ROW_BYTES - last[1]
        filled = {"of_execution": execution_id, "at": last[0], "filled": last[2] + data[:room]}
        connection.execute(_FILL_UP, filled)
        data, offset = data[room:], offset + min(room, len(data))
    rows = [
        {
            "execution_id": execution_id,
            "offset": offset + at,
            "data": data[at : at + MAX_ROW_BYTES],
        }
        for at in range(0, len(data), MAX_ROW_BYTES)
    ]
    if rows:
        connection.execute(_FOLLOW, rows)


async def get_end(db: AsyncSession, *, execution_id: UUID) -> int:
    """Return how many bytes are stored; a log has no holes, so this is also where it ends."""
    row = (
        await db.execute(
            sa.select(_offset + sa.func.length(_data))
            .where(_chunks.c.execution_id == execution_id)
            .order_by(_offset.desc())
            .limit(1)
        )
    ).first()
    return row[0] if row else 0


async def get_bytes(db: AsyncSession, *, execution_id: UUID, offset: int, limit: int) -> bytes:
    """Return at most `limit` bytes from `offset` on."""
    first = (
        sa.select(sa.func.max(_offset))
        .where(_chunks.c.execution_id == execution_id, _offset <= offset)
        .scalar_subquery()
    )
    rows = (
        await db.execute(
            sa.select(_offset, _data)
            .where(
                _chunks.c.execution_id == execution_id,
                _offset >= first,
                _offset < offset + limit,
            )
            .order_by(_offset)
        )
    ).all()
    if not rows:
        return b""
    skip = offset - rows[0][0]
    return b"".join(row[1] for row in rows)[skip : skip + limit]


async def iterate(db: AsyncSession, *, execution_id: UUID, offset: int = 0) -> AsyncIterator[bytes]:
    """Yield the log from `offset` on in pages of at most 1 MiB."""
    while page := await get_bytes(db, execution_id=execution_id, offset=offset, limit=PAGE_BYTES):
        yield page
        offset += len(page)


async def delete_log(db: AsyncSession, *, execution_id: UUID) -> None:
    """Forget the bytes of a log."""
    await db.execute(sa.delete(_chunks).where(_chunks.c.execution_id == execution_id))


async def count_bytes(db: AsyncSession) -> int:
    """Return how many bytes of logs the board keeps.

    A log has no holes: its last row says how long it is, and the key's index finds that row.
    """
    lasts = (
        sa.select(_chunks.c.execution_id, sa.func.max(_offset).label("last"))
        .group_by(_chunks.c.execution_id)
        .subquery()
    )
    is_last = (_chunks.c.execution_id == lasts.c.execution_id) & (_offset == lasts.c.last)
    total = sa.select(sa.func.sum(_offset + sa.func.length(_data))).join(lasts, is_last)
    return int((await db.execute(total)).scalar() or 0)  # PostgreSQL sums to a decimal
