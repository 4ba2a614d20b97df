"""The one-time codes that set a new password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.people_tables import PasswordReset, User


async def find_open(
    db: AsyncSession, *, token_hash: str, now: datetime
) -> tuple[PasswordReset, User] | None:
    """Return a code that can still be used, with whose it is."""
    query = (
        select(PasswordReset, User)
        .join(User, col(User.id) == col(PasswordReset.user_id))
        .where(
            PasswordReset.token_hash == token_hash,
            col(PasswordReset.used_at).is_(None),
            col(PasswordReset.expires_at) > now,
        )
    )
    row = (await db.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def delete_unused(db: AsyncSession, *, user_id: UUID) -> None:
    """End every code of a person that was not used."""
    await db.execute(
        delete(PasswordReset).where(
            col(PasswordReset.user_id) == user_id, col(PasswordReset.used_at).is_(None)
        )
    )
