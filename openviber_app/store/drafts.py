"""What people have typed and not sent, by person and key."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.draft_table import Draft


async def find_draft(db: AsyncSession, *, user_id: UUID, key: str) -> Draft | None:
    """Return one of a person's drafts."""
    return await db.get(Draft, (user_id, key))


async def delete_draft(db: AsyncSession, *, user_id: UUID, key: str) -> None:
    """Forget a draft; a missing one is fine."""
    await db.execute(delete(Draft).where(col(Draft.user_id) == user_id, col(Draft.key) == key))


async def delete_oldest(db: AsyncSession, *, user_id: UUID, keep: int) -> None:
    """Forget all but a person's `keep` drafts that changed last."""
    kept = (
        select(Draft.key)
        .where(Draft.user_id == user_id)
        .order_by(col(Draft.updated_at).desc(), col(Draft.key))
        .limit(keep)
    )
    await db.execute(
        delete(Draft).where(col(Draft.user_id) == user_id, col(Draft.key).not_in(kept)),
        execution_options={"synchronize_session": False},
    )
