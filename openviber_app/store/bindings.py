"""SQL of the bindings: an environment on a node."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store import scopes
from openviber_app.store.nodes import OPEN_RUNS
from openviber_app.store.tables import Binding, Environment, Node, Run, Thread


@dataclass(frozen=True, slots=True)
class Mapping:
    """A binding with both of its ends."""

    binding: Binding
    environment: Environment
    node: Node


def _mappings() -> sa.Select[Binding, Environment, Node]:
    return (
        sa.select(Binding, Environment, Node)
        .join(Environment, col(Environment.id) == col(Binding.environment_id))
        .join(Node, col(Node.id) == col(Binding.node_id))
    )


async def find_environment(
    db: AsyncSession, *, user_id: UUID, environment_id: UUID
) -> Environment | None:
    """Return an environment if this person may see it."""
    query = select(Environment).where(
        Environment.id == environment_id, scopes.is_seen(col(Environment.id), user_id)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def find_mapping(db: AsyncSession, *, user_id: UUID, binding_id: UUID) -> Mapping | None:
    """Return a binding with its ends if this person may see its environment."""
    query = _mappings().where(
        col(Binding.id) == binding_id, scopes.is_seen(col(Binding.environment_id), user_id)
    )
    row = (await db.execute(query)).one_or_none()
    return Mapping(*row) if row else None


async def find_any_mapping(db: AsyncSession, *, binding_id: UUID) -> Mapping | None:
    """Return a binding with its ends, whoever owns it: for the hub and for other services."""
    query = _mappings().where(col(Binding.id) == binding_id)
    row = (await db.execute(query)).one_or_none()
    return Mapping(*row) if row else None


async def find_mapping_between(
    db: AsyncSession, *, environment_id: UUID, node_id: UUID
) -> Binding | None:
    """Return the binding of an environment on a node."""
    query = select(Binding).where(
        Binding.environment_id == environment_id, Binding.node_id == node_id
    )
    return (await db.execute(query)).scalar_one_or_none()


async def list_of_environment(db: AsyncSession, *, environment_id: UUID) -> list[Mapping]:
    """Return an environment's bindings, oldest first."""
    query = _mappings().where(col(Binding.environment_id) == environment_id)
    rows = await db.execute(query.order_by(col(Binding.id)))
    return [Mapping(*row) for row in rows]


async def list_seen(db: AsyncSession, *, user_id: UUID) -> list[Mapping]:
    """Return every binding of the environments that a person may see, by the environment's name."""
    query = _mappings().where(scopes.is_seen(col(Binding.environment_id), user_id))
    rows = await db.execute(query.order_by(col(Environment.name), col(Binding.id)))
    return [Mapping(*row) for row in rows]


async def list_of_node(db: AsyncSession, *, node_id: UUID) -> list[Mapping]:
    """Return a node's bindings, oldest first."""
    query = _mappings().where(col(Binding.node_id) == node_id)
    rows = await db.execute(query.order_by(col(Binding.id)))
    return [Mapping(*row) for row in rows]


async def list_open_runs(db: AsyncSession, *, binding_id: UUID) -> Sequence[UUID]:
    """Return the runs that still use a binding."""
    query = select(Run.id).where(Run.binding_id == binding_id, col(Run.status).in_(OPEN_RUNS))
    return (await db.execute(query)).scalars().all()


async def forget_in_threads(db: AsyncSession, *, binding_id: UUID) -> None:
    """Let go of a binding in the threads that held a slot of it."""
    await db.execute(
        sa.update(Thread).where(col(Thread.binding_id) == binding_id).values(binding_id=None)
    )
