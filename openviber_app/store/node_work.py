"""SQL of what lies and runs on a person's nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.bindings import Mapping
from openviber_app.store.nodes import OPEN_PREPARES, OPEN_RUNS
from openviber_app.store.tables import Binding, Environment, Node, Prepare, Run, Thread


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has not ended, with its thread's title."""

    run: Run
    title: str


async def list_mappings(db: AsyncSession, *, user_id: UUID) -> list[Mapping]:
    """Return every binding of a person's nodes, by the environment's name."""
    query = (
        sa.select(Binding, Environment, Node)
        .join(Environment, col(Environment.id) == col(Binding.environment_id))
        .join(Node, col(Node.id) == col(Binding.node_id))
        .where(col(Node.user_id) == user_id, col(Environment.user_id) == user_id)
        .order_by(col(Environment.name), col(Binding.id))
    )
    return [Mapping(*row) for row in await db.execute(query)]


async def list_open_prepares(db: AsyncSession, *, user_id: UUID) -> Sequence[Prepare]:
    """Return the prepares of a person's nodes that have not ended, oldest first."""
    query = (
        select(Prepare)
        .join(Binding, col(Binding.id) == col(Prepare.binding_id))
        .join(Node, col(Node.id) == col(Binding.node_id))
        .where(col(Node.user_id) == user_id, col(Prepare.status).in_(OPEN_PREPARES))
        .order_by(col(Prepare.id))
    )
    return (await db.execute(query)).scalars().all()


async def list_open_runs(db: AsyncSession, *, user_id: UUID) -> list[OpenRun]:
    """Return the runs of a person's nodes that have not ended, whoever started them."""
    query = (
        sa.select(Run, col(Thread.title))
        .join(Thread, col(Thread.id) == col(Run.thread_id))
        .join(Node, col(Node.id) == col(Run.node_id))
        .where(
            col(Node.user_id) == user_id,
            col(Run.status).in_(OPEN_RUNS),
        )
        .order_by(col(Run.id))
    )
    return [OpenRun(*row) for row in await db.execute(query)]
