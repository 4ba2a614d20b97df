"""Who signs in by which account of an OpenID provider."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.people_tables import Identity, Invite, User


async def find_identity(
    db: AsyncSession, *, issuer: str, subject: str
) -> tuple[Identity, User] | None:
    """Return an identity with its person."""
    query = (
        select(Identity, User)
        .join(User, col(User.id) == col(Identity.user_id))
        .where(Identity.issuer == issuer, Identity.subject == subject)
    )
    row = (await db.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def list_identities(db: AsyncSession, *, user_id: UUID) -> Sequence[Identity]:
    """Return a person's identities, oldest first."""
    query = select(Identity).where(Identity.user_id == user_id).order_by(col(Identity.id))
    return (await db.execute(query)).scalars().all()


async def find_invite(db: AsyncSession, token_hash: str) -> Invite | None:
    """Return an invite by its token's hash."""
    query = select(Invite).where(Invite.token_hash == token_hash)
    return (await db.execute(query)).scalar_one_or_none()
