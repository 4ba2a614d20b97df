"""Environments with their variables and secrets, always by who may see them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.errors import NotFoundError
from openviber_app.store import scopes
from openviber_app.store.tables import (
    Binding,
    Environment,
    EnvironmentSecret,
    EnvironmentVar,
    LogChunk,
    Node,
    Prepare,
    Run,
    Thread,
)


async def get_environment(db: AsyncSession, *, user_id: UUID, environment_id: UUID) -> Environment:
    """Return an environment that a person may see.

    Raises:
        NotFoundError: there is none, or they may not see it.
    """
    query = select(Environment).where(
        Environment.id == environment_id, scopes.is_seen(col(Environment.id), user_id)
    )
    row = (await db.execute(query)).scalar_one_or_none()
    if row is None:
        raise NotFoundError("environment")
    return row


async def list_environments(db: AsyncSession, *, user_id: UUID) -> Sequence[Environment]:
    """Return the environments that a person may see, by name."""
    query = (
        select(Environment)
        .where(scopes.is_seen(col(Environment.id), user_id))
        .order_by(col(Environment.name), col(Environment.id))
    )
    return (await db.execute(query)).scalars().all()


async def list_owned(db: AsyncSession, *, user_id: UUID) -> Sequence[Environment]:
    """Return a person's own environments, oldest first."""
    query = select(Environment).where(Environment.user_id == user_id).order_by(col(Environment.id))
    return (await db.execute(query)).scalars().all()


async def list_variables(db: AsyncSession, *, environment_id: UUID) -> Sequence[EnvironmentVar]:
    """Return the plain variables in their order."""
    query = (
        select(EnvironmentVar)
        .where(EnvironmentVar.environment_id == environment_id)
        .order_by(col(EnvironmentVar.position), col(EnvironmentVar.id))
    )
    return (await db.execute(query)).scalars().all()


async def list_secrets(db: AsyncSession, *, environment_id: UUID) -> Sequence[EnvironmentSecret]:
    """Return the sealed secrets by key."""
    query = (
        select(EnvironmentSecret)
        .where(EnvironmentSecret.environment_id == environment_id)
        .order_by(col(EnvironmentSecret.key))
    )
    return (await db.execute(query)).scalars().all()


async def delete_variables(db: AsyncSession, *, environment_id: UUID) -> None:
    """Remove every plain variable."""
    await db.execute(
        delete(EnvironmentVar).where(col(EnvironmentVar.environment_id) == environment_id)
    )


async def list_bindings_with_nodes(
    db: AsyncSession, *, environment_ids: Sequence[UUID]
) -> Sequence[tuple[Binding, Node]]:
    """Return the bindings of some environments, each with its node."""
    query = (
        select(Binding, Node)
        .join(Node, col(Node.id) == col(Binding.node_id))
        .where(col(Binding.environment_id).in_(environment_ids))
        .order_by(col(Binding.id))
    )
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def list_threads(
    db: AsyncSession, *, environment_id: UUID
) -> Sequence[tuple[UUID, UUID | None]]:
    """Return the ids of an environment's threads, each with that of its last run."""
    query = select(Thread.id, Thread.last_run_id).where(Thread.environment_id == environment_id)
    return [(row[0], row[1]) for row in await db.execute(query)]


async def delete_logs(db: AsyncSession, *, environment_id: UUID) -> None:
    """Remove the logs of every prepare and run of an environment: no foreign key does."""
    prepared = (
        select(Prepare.id)
        .join(Binding, col(Binding.id) == col(Prepare.binding_id))
        .where(Binding.environment_id == environment_id)
    )
    ran = (
        select(Run.id)
        .join(Thread, col(Thread.id) == col(Run.thread_id))
        .where(Thread.environment_id == environment_id)
    )
    executions = col(LogChunk.execution_id)
    await db.execute(
        delete(LogChunk).where(executions.in_(prepared) | executions.in_(ran)),
        execution_options={"synchronize_session": False},
    )
