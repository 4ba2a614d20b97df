"""Runs or prepares by one id: what a log belongs to."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.tables import Binding, Environment, Prepare, Run, Thread


async def find_execution(
    db: AsyncSession, *, execution_id: UUID, user_id: UUID | None = None
) -> Run | Prepare | None:
    """Return the run or the prepare with this id; with `user_id`, only if it is that user's."""
    runs = select(Run).where(Run.id == execution_id)
    prepares = select(Prepare).where(Prepare.id == execution_id)
    if user_id is not None:
        runs = runs.join(Thread, col(Thread.id) == col(Run.thread_id)).where(
            Thread.user_id == user_id
        )
        prepares = (
            prepares.join(Binding, col(Binding.id) == col(Prepare.binding_id))
            .join(Environment, col(Environment.id) == col(Binding.environment_id))
            .where(Environment.user_id == user_id)
        )
    run = (await db.execute(runs)).scalar_one_or_none()
    return run or (await db.execute(prepares)).scalar_one_or_none()
