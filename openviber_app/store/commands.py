"""Commands to nodes: the hub's outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.statuses import CommandStatus
from openviber_app.store.tables import Command


def add_command(  # noqa: PLR0913 - the columns of a row
    db: AsyncSession,
    *,
    command_id: UUID,
    node_id: UUID,
    type: str,  # noqa: A002 - the column's and the wire's name
    attempt: int,
    payload: dict[str, Any],
    now: datetime,
) -> Command:
    """Queue a command. `payload` is the wire payload in snake_case, without its bundle."""
    command = Command(
        id=command_id,
        node_id=node_id,
        type=type,
        attempt=attempt,
        payload=payload,
        status=CommandStatus.PENDING,
        created_at=now,
    )
    db.add(command)
    return command


async def list_undelivered(db: AsyncSession, *, node_id: UUID) -> Sequence[Command]:
    """Return what the node has not answered yet, oldest first."""
    query = (
        select(Command)
        .where(
            Command.node_id == node_id,
            col(Command.status).in_([CommandStatus.PENDING, CommandStatus.SENT]),
        )
        .order_by(col(Command.id))
    )
    return (await db.execute(query)).scalars().all()


async def find_command(db: AsyncSession, *, command_id: UUID) -> Command | None:
    """Return a command by its id."""
    return await db.get(Command, command_id)


async def list_open_for_binding(
    db: AsyncSession, *, node_id: UUID, binding_id: UUID
) -> Sequence[Command]:
    """Return the unanswered commands of a node that are about one of its bindings."""
    undelivered = await list_undelivered(db, node_id=node_id)
    return [row for row in undelivered if row.payload.get("binding_id") == str(binding_id)]


async def find_pending(db: AsyncSession, *, node_id: UUID, type: str) -> Command | None:  # noqa: A002 - the column's name
    """Return a command of a type that was never sent."""
    query = select(Command).where(
        Command.node_id == node_id, Command.type == type, Command.status == CommandStatus.PENDING
    )
    return (await db.execute(query)).scalars().first()


async def list_sent(db: AsyncSession, *, command_ids: Sequence[UUID]) -> Sequence[Command]:
    """Return those of the commands that were sent and not answered."""
    query = select(Command).where(
        col(Command.id).in_(command_ids), Command.status == CommandStatus.SENT
    )
    return (await db.execute(query)).scalars().all()
