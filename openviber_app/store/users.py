"""People, their sessions, their API tokens."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.people_tables import ApiToken, User, UserSession


async def has_user(db: AsyncSession) -> bool:
    """Whether anybody has an account."""
    return (await db.execute(select(col(User.id)).limit(1))).first() is not None


async def find_user(db: AsyncSession, user_id: UUID) -> User | None:
    """Return a person by id."""
    return await db.get(User, user_id)


async def find_user_by_email(db: AsyncSession, email: str) -> User | None:
    """Return a person by their (lower-case) address."""
    return (await db.execute(select(User).where(User.email == email))).scalar_one_or_none()


async def list_names(db: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return people's names by their ids."""
    query = select(User.id, User.name).where(col(User.id).in_(user_ids))
    return {row[0]: row[1] for row in await db.execute(query)}


async def find_first_of_role(db: AsyncSession, role: str) -> User | None:
    """Return the person who has had this role for longest."""
    query = select(User).where(User.role == role).order_by(col(User.created_at)).limit(1)
    return (await db.execute(query)).scalar_one_or_none()


async def find_session(db: AsyncSession, token_hash: str) -> tuple[UserSession, User] | None:
    """Return a session with its person."""
    query = (
        select(UserSession, User)
        .join(User, col(User.id) == col(UserSession.user_id))
        .where(UserSession.token_hash == token_hash)
    )
    row = (await db.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def list_sessions(db: AsyncSession, *, user_id: UUID, now: datetime) -> Sequence[UserSession]:
    """Return a person's sessions that go on, last used first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, col(UserSession.expires_at) > now)
        .order_by(col(UserSession.last_seen_at).desc(), col(UserSession.created_at).desc())
    )
    return (await db.execute(query)).scalars().all()


async def delete_other_sessions(db: AsyncSession, *, user_id: UUID, kept_hash: str) -> None:
    """End a person's sessions but one; an empty hash keeps none."""
    await db.execute(
        delete(UserSession).where(
            col(UserSession.user_id) == user_id, col(UserSession.token_hash) != kept_hash
        )
    )


async def delete_session(db: AsyncSession, token_hash: str) -> None:
    """End a session; a missing one is fine."""
    await db.execute(delete(UserSession).where(col(UserSession.token_hash) == token_hash))


async def delete_expired_sessions(db: AsyncSession, *, now: datetime) -> None:
    """Forget sessions that ended by themselves."""
    await db.execute(delete(UserSession).where(col(UserSession.expires_at) <= now))


async def find_token(db: AsyncSession, token_hash: str) -> tuple[ApiToken, User] | None:
    """Return an API token with its person."""
    query = (
        select(ApiToken, User)
        .join(User, col(User.id) == col(ApiToken.user_id))
        .where(ApiToken.token_hash == token_hash)
    )
    row = (await db.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def list_tokens(db: AsyncSession, *, user_id: UUID) -> Sequence[ApiToken]:
    """Return a person's tokens, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user_id).order_by(col(ApiToken.id).desc())
    return (await db.execute(query)).scalars().all()


async def find_own_token(db: AsyncSession, *, user_id: UUID, token_id: UUID) -> ApiToken | None:
    """Return one of a person's tokens."""
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id)
    return (await db.execute(query)).scalar_one_or_none()


async def delete_tokens(db: AsyncSession, *, user_id: UUID) -> None:
    """End every API token of a person."""
    await db.execute(delete(ApiToken).where(col(ApiToken.user_id) == user_id))
