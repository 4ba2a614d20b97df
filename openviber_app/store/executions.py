"""Runs or prepares by one id: what a log belongs to."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store import scopes
from openviber_app.store.tables import Binding, LogChunk, Node, Prepare, Run, Thread

WORTH_REMOVING_BYTES = 1024


async def find_execution(
    db: AsyncSession, *, execution_id: UUID, user_id: UUID | None = None
) -> Run | Prepare | None:
    """Return the run or the prepare with this id; with `user_id`, only one they may see."""
    runs = select(Run).where(Run.id == execution_id)
    prepares = select(Prepare).where(Prepare.id == execution_id)
    if user_id is not None:
        runs = runs.join(Thread, col(Thread.id) == col(Run.thread_id)).where(
            scopes.is_seen(col(Thread.environment_id), user_id)
        )
        prepares = prepares.join(Binding, col(Binding.id) == col(Prepare.binding_id)).where(
            scopes.is_seen(col(Binding.environment_id), user_id)
        )
    run = (await db.execute(runs)).scalar_one_or_none()
    return run or (await db.execute(prepares)).scalar_one_or_none()


async def list_oldest_logs(db: AsyncSession, *, limit: int, only: UUID | None = None) -> list[UUID]:
    """Return the executions that ended first of those whose log can be removed.

    It is whole, or its node is gone and nothing of it is on its way; and it is worth the effort.
    `only` asks whether one of them still is.
    """
    found: list[tuple[object, UUID]] = []
    for table in (Run, Prepare):
        chunk = sa.select(sa.literal(1)).where(
            col(LogChunk.execution_id) == col(table.id),
            sa.or_(col(LogChunk.offset) > 0, sa.func.length(LogChunk.data) > WORTH_REMOVING_BYTES),
        )
        whole = col(table.log_complete).is_(True)
        if table is Run:  # a prepare's row goes with its node
            whole |= col(Run.node_id).not_in(sa.select(col(Node.id)))
        query = (
            sa.select(col(table.ended_at), col(table.id))
            .where(
                col(table.ended_at).is_not(None),
                col(table.log_removed_at).is_(None),
                whole,
                chunk.exists(),
            )
            .order_by(col(table.ended_at), col(table.id))
            .limit(limit)
        )
        if only is not None:
            query = query.where(col(table.id) == only)
        found += [(row[0], row[1]) for row in await db.execute(query)]
    return [execution_id for _, execution_id in sorted(found)[:limit]]
