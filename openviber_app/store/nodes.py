"""SQL of the machines: their rows and their one-time tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.statuses import PrepareStatus, RunStatus
from openviber_app.store.tables import Binding, Command, Node, OnboardToken, Prepare, Run

OPEN_PREPARES = (PrepareStatus.QUEUED, PrepareStatus.ACCEPTED, PrepareStatus.RUNNING)
RESTARTED = "the board was started again, and the node has not come back yet"
OPEN_RUNS = (RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.WAITING_APPROVAL)


async def list_nodes(db: AsyncSession, *, user_id: UUID) -> Sequence[Node]:
    """Return a person's nodes, oldest first."""
    query = select(Node).where(Node.user_id == user_id).order_by(col(Node.id))
    return (await db.execute(query)).scalars().all()


async def find_node(db: AsyncSession, *, user_id: UUID, node_id: UUID) -> Node | None:
    """Return a node if it is this person's."""
    query = select(Node).where(Node.id == node_id, Node.user_id == user_id)
    return (await db.execute(query)).scalar_one_or_none()


async def find_node_by_token(db: AsyncSession, *, token_hash: str) -> Node | None:
    """Return the node whose own token has this hash."""
    query = select(Node).where(Node.auth_token_hash == token_hash)
    return (await db.execute(query)).scalar_one_or_none()


async def is_name_taken(db: AsyncSession, *, user_id: UUID, name: str, except_id: UUID) -> bool:
    """Whether another of this person's nodes already has the name."""
    query = select(Node.id).where(
        Node.user_id == user_id, Node.name == name, col(Node.id) != except_id
    )
    return (await db.execute(query)).first() is not None


async def use_onboard_token(db: AsyncSession, *, token_hash: str, now: datetime) -> UUID | None:
    """Spend a one-time token: of two who race, one gets the node's id, the other None."""
    statement = (
        sa.update(OnboardToken)
        .where(
            col(OnboardToken.token_hash) == token_hash,
            col(OnboardToken.used_at).is_(None),
            col(OnboardToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(OnboardToken.node_id))
    )
    return (await db.execute(statement)).scalar_one_or_none()


async def find_onboard_token(db: AsyncSession, *, token_hash: str) -> OnboardToken | None:
    """Return a one-time token, spent or not."""
    query = select(OnboardToken).where(OnboardToken.token_hash == token_hash)
    return (await db.execute(query)).scalar_one_or_none()


async def end_onboard_tokens(db: AsyncSession, *, node_id: UUID, now: datetime) -> None:
    """Let a node's unspent one-time tokens expire."""
    await db.execute(
        sa.update(OnboardToken)
        .where(
            col(OnboardToken.node_id) == node_id,
            col(OnboardToken.used_at).is_(None),
            col(OnboardToken.expires_at) > now,
        )
        .values(expires_at=now)
    )


async def list_token_ends(db: AsyncSession, *, node_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return when the newest one-time token of each of these nodes expires or expired."""
    query = (
        select(OnboardToken)
        .where(col(OnboardToken.node_id).in_(node_ids))
        .order_by(col(OnboardToken.expires_at))
    )
    rows = (await db.execute(query)).scalars()
    return {row.node_id: row.expires_at for row in rows}


async def list_pinning(db: AsyncSession) -> Sequence[Node]:
    """Return every node that trusts a key of the board's, whoever's it is, by name."""
    query = (
        select(Node)
        .where(col(Node.claimed_at).is_not(None), col(Node.revoked_at).is_(None))
        .order_by(col(Node.name), col(Node.id))
    )
    return (await db.execute(query)).scalars().all()


async def list_connected(db: AsyncSession) -> Sequence[UUID]:
    """Return every node that is connected, whoever's it is."""
    query = select(Node.id).where(col(Node.is_connected).is_(True))
    return (await db.execute(query)).scalars().all()


async def reset_links(db: AsyncSession, *, now: datetime) -> None:
    """Say that no node is connected: true when the board's process starts."""
    await db.execute(
        sa.update(Node)
        .where(col(Node.is_connected).is_(True))
        .values(is_connected=False, link_changed_at=now, link_reason=RESTARTED)
    )


async def count_work(db: AsyncSession, *, node_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return for each node how many bindings, open prepares and open runs it has."""
    counts = {node_id: {"bindings": 0, "prepares": 0, "runs": 0} for node_id in node_ids}
    queries: dict[str, sa.Executable] = {
        "bindings": sa.select(col(Binding.node_id), sa.func.count())
        .where(col(Binding.node_id).in_(node_ids))
        .group_by(col(Binding.node_id)),
        "prepares": sa.select(col(Binding.node_id), sa.func.count())
        .join(Prepare, col(Prepare.binding_id) == col(Binding.id))
        .where(col(Binding.node_id).in_(node_ids), col(Prepare.status).in_(OPEN_PREPARES))
        .group_by(col(Binding.node_id)),
        "runs": sa.select(col(Run.node_id), sa.func.count())
        .where(col(Run.node_id).in_(node_ids), col(Run.status).in_(OPEN_RUNS))
        .group_by(col(Run.node_id)),
    }
    for name, query in queries.items():
        for row in await db.execute(query):
            counts[row[0]][name] = row[1]
    return counts


async def list_last_commands(
    db: AsyncSession,
    *,
    node_ids: Sequence[UUID],
    type: str,  # noqa: A002 - the column's name
) -> dict[UUID, Command]:
    """Return the last command of a type that each of these nodes was given."""
    query = (
        select(Command)
        .where(col(Command.node_id).in_(node_ids), Command.type == type)
        .order_by(col(Command.id))
    )
    return {row.node_id: row for row in (await db.execute(query)).scalars()}


async def list_open_runs(db: AsyncSession, *, node_id: UUID) -> Sequence[Run]:
    """Return the runs that a node was given and that have not ended, oldest first."""
    query = select(Run).where(Run.node_id == node_id, col(Run.status).in_(OPEN_RUNS))
    return (await db.execute(query.order_by(col(Run.id)))).scalars().all()
