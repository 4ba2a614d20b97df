"""Which environments somebody may see, as SQL: the one condition that every lookup is scoped by."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from openviber_app.domain.sharing import LEAST, Access, Right, at_least
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Binding, Environment
from openviber_app.store.trust_tables import Share


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to an environment, and whose it is."""

    access: Access
    owner_id: UUID
    owner_name: str


def seen_environments(user_id: UUID, *, least: Access = Access.VIEWER) -> sa.CompoundSelect[UUID]:
    """Return the ids of the environments in which a person has at least this access."""
    return sa.union_all(
        sa.select(col(Environment.id)).where(col(Environment.user_id) == user_id),
        sa.select(col(Share.environment_id)).where(
            col(Share.user_id) == user_id, col(Share.role).in_(at_least(least))
        ),
    )


def is_seen(
    environment_id: Mapped[UUID], user_id: UUID, *, least: Access = Access.VIEWER
) -> sa.ColumnElement[bool]:
    """Return the condition that a row's environment is one of those."""
    return environment_id.in_(seen_environments(user_id, least=least))


async def list_seen(db: AsyncSession, *, user_id: UUID) -> list[UUID]:
    """Return the ids of the environments that a person may see."""
    return list((await db.execute(seen_environments(user_id))).scalars())


async def list_runnable(
    db: AsyncSession, *, user_id: UUID, environment_ids: Collection[UUID]
) -> set[UUID]:
    """Return those of these environments in which a person may run threads."""
    query = sa.select(col(Environment.id)).where(
        col(Environment.id).in_(environment_ids),
        is_seen(col(Environment.id), user_id, least=LEAST[Right.RUN]),
    )
    return set((await db.execute(query)).scalars())


async def list_standings(
    db: AsyncSession, *, user_id: UUID, environment_id: UUID | None = None
) -> dict[UUID, Standing]:
    """Return how a person stands to what they may see, by the environment's id."""
    query = (
        sa.select(col(Environment.id), col(User.id), col(User.name), col(Share.role))
        .join(User, col(User.id) == col(Environment.user_id))
        .outerjoin(
            Share,
            sa.and_(
                col(Share.environment_id) == col(Environment.id), col(Share.user_id) == user_id
            ),
        )
        .where(is_seen(col(Environment.id), user_id))
    )
    if environment_id is not None:
        query = query.where(col(Environment.id) == environment_id)
    return {
        row[0]: Standing(
            Access.OWNER if row[1] == user_id else Access(row[3]),
            owner_id=row[1],
            owner_name=row[2],
        )
        for row in await db.execute(query)
    }


async def list_watchers(db: AsyncSession, *, environment_id: UUID) -> list[UUID]:
    """Return everybody who may see an environment, its owner first."""
    owner = sa.select(col(Environment.user_id)).where(col(Environment.id) == environment_id)
    shared = sa.select(col(Share.user_id)).where(col(Share.environment_id) == environment_id)
    return list((await db.execute(sa.union_all(owner, shared))).scalars())


async def list_watchers_of_node(db: AsyncSession, *, node_id: UUID) -> list[UUID]:
    """Return everybody who sees an environment that is on this node, but for the node's owner."""
    query = (
        sa.select(col(Share.user_id))
        .join(Binding, col(Binding.environment_id) == col(Share.environment_id))
        .where(col(Binding.node_id) == node_id)
        .distinct()
    )
    return list((await db.execute(query)).scalars())
