"""With whom environments are shared."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.mark_tables import ThreadMark
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Thread
from openviber_app.store.trust_tables import Share


async def list_shares(db: AsyncSession, *, environment_id: UUID) -> list[tuple[Share, User]]:
    """Return an environment's shares with their people, by name."""
    query = (
        sa.select(Share, User)
        .join(User, col(User.id) == col(Share.user_id))
        .where(col(Share.environment_id) == environment_id)
        .order_by(col(User.name), col(User.id))
    )
    return [(row[0], row[1]) for row in await db.execute(query)]


async def find_share(db: AsyncSession, *, environment_id: UUID, user_id: UUID) -> Share | None:
    """Return what somebody was given of an environment."""
    query = select(Share).where(Share.environment_id == environment_id, Share.user_id == user_id)
    return (await db.execute(query)).scalar_one_or_none()


async def note_as_read(db: AsyncSession, share: Share) -> None:
    """Let threads that are there already be no news for whom an environment is shared with."""
    marked = sa.select(col(ThreadMark.thread_id)).where(col(ThreadMark.user_id) == share.user_id)
    known = sa.select(
        sa.literal(share.user_id, sa.Uuid()),
        col(Thread.id),
        sa.literal(share.created_at, Share.__table__.c.created_at.type),  # pyright: ignore[reportAttributeAccessIssue]
        sa.false(),
    ).where(col(Thread.environment_id) == share.environment_id, col(Thread.id).not_in(marked))
    columns = ["user_id", "thread_id", "read_at", "is_pinned"]
    await db.execute(sa.insert(ThreadMark).from_select(columns, known))
