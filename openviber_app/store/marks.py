"""What people note about threads and environments, by person."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.mark_tables import EnvironmentMark, ThreadMark
from openviber_app.store.tables import Thread


async def list_thread_marks(
    db: AsyncSession, *, user_id: UUID, thread_ids: Collection[UUID]
) -> dict[UUID, ThreadMark]:
    """Return a person's marks of some threads, by the thread's id."""
    query = select(ThreadMark).where(
        ThreadMark.user_id == user_id, col(ThreadMark.thread_id).in_(thread_ids)
    )
    return {mark.thread_id: mark for mark in (await db.execute(query)).scalars()}


async def take_thread_mark(db: AsyncSession, *, user_id: UUID, thread: Thread) -> ThreadMark:
    """Return a person's mark of a thread; a new one says that they know how it began."""
    mark = await db.get(ThreadMark, (user_id, thread.id))
    if mark is None:
        mark = ThreadMark(user_id=user_id, thread_id=thread.id, read_at=thread.created_at)
        db.add(mark)
    return mark


async def list_environment_marks(db: AsyncSession, *, user_id: UUID) -> dict[UUID, EnvironmentMark]:
    """Return a person's marks of environments, by the environment's id."""
    query = select(EnvironmentMark).where(EnvironmentMark.user_id == user_id)
    return {mark.environment_id: mark for mark in (await db.execute(query)).scalars()}


async def take_environment_mark(
    db: AsyncSession, *, user_id: UUID, environment_id: UUID
) -> EnvironmentMark:
    """Return a person's mark of an environment, a new one when there is none."""
    mark = await db.get(EnvironmentMark, (user_id, environment_id))
    if mark is None:
        mark = EnvironmentMark(user_id=user_id, environment_id=environment_id)
        db.add(mark)
    return mark
