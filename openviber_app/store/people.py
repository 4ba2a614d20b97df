"""The people of a board with what each of them has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.people_tables import Invite, User, UserSession
from openviber_app.store.tables import Environment, Node, Thread


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much somebody has, and when a browser of theirs was last here."""

    environments: int = 0
    nodes: int = 0
    threads: int = 0
    last_seen_at: datetime | None = None


async def list_users(db: AsyncSession) -> Sequence[User]:
    """Return everybody, oldest account first."""
    return (
        (await db.execute(select(User).order_by(col(User.created_at), col(User.id))))
        .scalars()
        .all()
    )


async def count_of_role(db: AsyncSession, role: str) -> int:
    """Return how many people have this role."""
    query = select(func.count()).select_from(User).where(User.role == role)
    return (await db.execute(query)).scalar_one()


async def list_belongings(db: AsyncSession) -> dict[UUID, Belongings]:
    """Return what everybody has who has anything."""
    environments = await _counts(db, Environment)
    nodes = await _counts(db, Node)
    threads = await _counts(db, Thread)
    seen = select(UserSession.user_id, func.max(UserSession.last_seen_at)).group_by(
        col(UserSession.user_id)
    )
    last = {row[0]: row[1] for row in (await db.execute(seen)).all()}
    return {
        user_id: Belongings(
            environments=environments.get(user_id, 0),
            nodes=nodes.get(user_id, 0),
            threads=threads.get(user_id, 0),
            last_seen_at=last.get(user_id),
        )
        for user_id in {*environments, *nodes, *threads, *last}
    }


async def _counts(db: AsyncSession, table: Any) -> dict[UUID, int]:
    query = select(table.user_id, func.count()).group_by(table.user_id)
    return {row[0]: row[1] for row in (await db.execute(query)).all()}


async def list_ids_of(db: AsyncSession, *, user_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Return the nodes and the environments of a person."""
    nodes = await db.execute(select(Node.id).where(Node.user_id == user_id))
    environments = await db.execute(select(Environment.id).where(Environment.user_id == user_id))
    return list(nodes.scalars().all()), list(environments.scalars().all())


async def list_open_invites(db: AsyncSession, *, now: datetime) -> Sequence[tuple[Invite, User]]:
    """Return invites that can still be used, with who made them, newest first."""
    query = (
        select(Invite, User)
        .join(User, col(User.id) == col(Invite.created_by))
        .where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
        .order_by(col(Invite.id).desc())
    )
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def find_open_invite(db: AsyncSession, *, token_hash: str, now: datetime) -> Invite | None:
    """Return an invite that can still be used."""
    query = select(Invite).where(
        Invite.token_hash == token_hash,
        col(Invite.used_at).is_(None),
        col(Invite.expires_at) > now,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def delete_open_invites_of(db: AsyncSession, *, user_id: UUID) -> None:
    """Revoke what somebody handed out and nobody used yet."""
    await db.execute(
        delete(Invite).where(col(Invite.created_by) == user_id, col(Invite.used_at).is_(None))
    )
