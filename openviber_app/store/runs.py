"""Runs: finding them for a person, a thread, a node."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.statuses import CommandStatus, RunStatus, is_final
from openviber_app.store import scopes
from openviber_app.store.tables import Command, Message, Run, Thread

ACTIVE = [status for status in RunStatus if not is_final(status)]


async def find_run(db: AsyncSession, *, run_id: UUID) -> Run | None:
    """Return a run by its id, whoever owns it."""
    return await db.get(Run, run_id)


async def find_seen_run(db: AsyncSession, *, run_id: UUID, user_id: UUID) -> Run | None:
    """Return a run of a thread that the person may see."""
    query = (
        select(Run)
        .join(Thread, col(Thread.id) == col(Run.thread_id))
        .where(Run.id == run_id, scopes.is_seen(col(Thread.environment_id), user_id))
    )
    return (await db.execute(query)).scalar_one_or_none()


async def find_active_run(db: AsyncSession, *, thread_id: UUID) -> Run | None:
    """Return the thread's run that has not ended; there is at most one."""
    query = (
        select(Run)
        .where(Run.thread_id == thread_id, col(Run.status).in_(ACTIVE))
        .order_by(col(Run.id).desc())
        .limit(1)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def count_threads(db: AsyncSession, *, user_id: UUID, status: RunStatus) -> int:
    """Return how many of the threads that a person started have a run in this status."""
    query = (
        sa.select(sa.func.count(sa.distinct(col(Run.thread_id))))
        .join(Thread, col(Thread.id) == col(Run.thread_id))
        .where(
            col(Run.status) == status,
            col(Thread.user_id) == user_id,
            scopes.is_seen(col(Thread.environment_id), user_id),
        )
    )
    return (await db.execute(query)).scalar_one()


async def find_run_of_command(db: AsyncSession, *, command_id: UUID) -> Run | None:
    """Return the run that a command started."""
    query = select(Run).where(Run.command_id == command_id)
    return (await db.execute(query)).scalar_one_or_none()


async def list_runs(db: AsyncSession, *, run_ids: Collection[UUID]) -> Sequence[Run]:
    """Return the runs with these ids, oldest first."""
    query = select(Run).where(col(Run.id).in_(run_ids)).order_by(col(Run.id))
    return (await db.execute(query)).scalars().all()


async def list_accepted(db: AsyncSession, *, node_id: UUID) -> Sequence[Run]:
    """Return the node's runs that it took on and has not ended."""
    query = (
        select(Run)
        .join(Command, col(Command.id) == col(Run.command_id))
        .where(
            Run.node_id == node_id,
            col(Run.status).in_(ACTIVE),
            Command.status == CommandStatus.ACCEPTED,
        )
        .order_by(col(Run.id))
    )
    return (await db.execute(query)).scalars().all()


async def list_changing(
    db: AsyncSession, *, thread_id: UUID, limit: int
) -> tuple[list[tuple[Run, str]], bool]:
    """Return the thread's last runs that changed files with their messages' texts, newest first.

    The bool tells that there are more.
    """
    query = (
        sa.select(Run, col(Message.text))
        .join(Message, col(Message.id) == col(Run.message_id))
        .where(col(Run.thread_id) == thread_id, sa.cast(col(Run.files), sa.Text()) != "[]")
        .order_by(col(Run.id).desc())
        .limit(limit + 1)
    )
    found = [(row[0], row[1]) for row in (await db.execute(query)).all()]
    return found[:limit], len(found) > limit
