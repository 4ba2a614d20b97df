"""SQL of the attempts of provisioning a binding."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.statuses import PrepareStatus
from openviber_app.store import scopes
from openviber_app.store.bindings import Mapping
from openviber_app.store.nodes import OPEN_PREPARES
from openviber_app.store.tables import Binding, Environment, LogChunk, Node, Prepare


async def find_prepare(
    db: AsyncSession, *, user_id: UUID, prepare_id: UUID
) -> tuple[Prepare, Mapping] | None:
    """Return a prepare with what it provisions if this person may see its environment."""
    query = _with_ends().where(
        col(Prepare.id) == prepare_id, scopes.is_seen(col(Binding.environment_id), user_id)
    )
    row = (await db.execute(query)).one_or_none()
    return (row[0], Mapping(*row[1:])) if row else None


def _with_ends() -> sa.Select[Prepare, Binding, Environment, Node]:
    return (
        sa.select(Prepare, Binding, Environment, Node)
        .join(Binding, col(Binding.id) == col(Prepare.binding_id))
        .join(Environment, col(Environment.id) == col(Binding.environment_id))
        .join(Node, col(Node.id) == col(Binding.node_id))
    )


async def find_any_prepare(db: AsyncSession, *, prepare_id: UUID) -> tuple[Prepare, Mapping] | None:
    """Return a prepare with what it provisions, whoever owns it."""
    query = _with_ends().where(col(Prepare.id) == prepare_id)
    row = (await db.execute(query)).one_or_none()
    return (row[0], Mapping(*row[1:])) if row else None


async def find_by_command(db: AsyncSession, *, command_id: UUID) -> Prepare | None:
    """Return the prepare that a command asked for."""
    query = select(Prepare).where(Prepare.command_id == command_id)
    return (await db.execute(query)).scalar_one_or_none()


async def find_open(
    db: AsyncSession, *, binding_id: UUID, kind: str | None = None
) -> Prepare | None:
    """Return the attempt of a binding that has not ended, the newest first."""
    query = select(Prepare).where(
        Prepare.binding_id == binding_id, col(Prepare.status).in_(OPEN_PREPARES)
    )
    if kind is not None:
        query = query.where(Prepare.kind == kind)
    return (await db.execute(query.order_by(col(Prepare.attempt).desc()))).scalars().first()


async def find_last(db: AsyncSession, *, binding_id: UUID, kind: str) -> Prepare | None:
    """Return the newest attempt of a kind."""
    query = (
        select(Prepare)
        .where(Prepare.binding_id == binding_id, Prepare.kind == kind)
        .order_by(col(Prepare.attempt).desc())
    )
    return (await db.execute(query)).scalars().first()


async def find_last_succeeded(db: AsyncSession, *, binding_id: UUID) -> Prepare | None:
    """Return the newest whole prepare that succeeded."""
    query = (
        select(Prepare)
        .where(
            Prepare.binding_id == binding_id,
            Prepare.kind == "prepare",
            Prepare.status == PrepareStatus.SUCCEEDED,
        )
        .order_by(col(Prepare.attempt).desc())
    )
    return (await db.execute(query)).scalars().first()


async def get_last_attempt(db: AsyncSession, *, binding_id: UUID) -> int:
    """Return the highest attempt number of a binding, 0 before the first."""
    query = sa.select(sa.func.max(col(Prepare.attempt))).where(
        col(Prepare.binding_id) == binding_id
    )
    return (await db.execute(query)).scalar_one() or 0


async def list_of_binding(db: AsyncSession, *, binding_id: UUID, limit: int) -> Sequence[Prepare]:
    """Return a binding's attempts, newest first."""
    query = (
        select(Prepare)
        .where(Prepare.binding_id == binding_id)
        .order_by(col(Prepare.attempt).desc())
        .limit(limit)
    )
    return (await db.execute(query)).scalars().all()


async def list_begun_on_node(db: AsyncSession, *, node_id: UUID) -> list[tuple[Prepare, Mapping]]:
    """Return what a node took on and has not ended."""
    query = _with_ends().where(
        col(Binding.node_id) == node_id,
        col(Prepare.status).in_([PrepareStatus.ACCEPTED, PrepareStatus.RUNNING]),
    )
    rows = await db.execute(query)
    return [(row[0], Mapping(*row[1:])) for row in rows]


async def delete_logs(db: AsyncSession, *, binding_id: UUID) -> None:
    """Forget the logs of a binding's attempts, before the binding goes."""
    attempts = sa.select(col(Prepare.id)).where(col(Prepare.binding_id) == binding_id)
    await db.execute(sa.delete(LogChunk).where(col(LogChunk.execution_id).in_(attempts)))
