"""SQL of what the hub must know of an execution to take in its streams."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from openviber_app.domain.reports import LogEnd
from openviber_app.domain.statuses import CommandStatus, PrepareStatus, RunStatus, is_final
from openviber_app.store.tables import Binding, Command, Prepare, Run


@dataclass(frozen=True, slots=True)
class Attempt:
    """A prepare or a run of a node. `end` is what its last record said of its log."""

    id: UUID
    kind: Literal["prepare", "run"]
    command_id: UUID
    is_over: bool
    end: LogEnd | None
    log_complete: bool


async def list_attempts(
    db: AsyncSession, *, node_id: UUID, execution_ids: Collection[UUID]
) -> dict[UUID, Attempt]:
    """Return those of the executions that belong to the node."""
    if not execution_ids:
        return {}
    prepares = (
        sa.select(Prepare)
        .join(Binding, col(Binding.id) == col(Prepare.binding_id))
        .where(col(Binding.node_id) == node_id, col(Prepare.id).in_(execution_ids))
    )
    runs = sa.select(Run).where(col(Run.node_id) == node_id, col(Run.id).in_(execution_ids))
    found = [_of_prepare(row) for row in (await db.execute(prepares)).scalars()]
    found += [_of_run(row) for row in (await db.execute(runs)).scalars()]
    return {attempt.id: attempt for attempt in found}


def _of_prepare(row: Prepare) -> Attempt:
    return Attempt(
        id=row.id,
        kind="prepare",
        command_id=row.command_id,
        is_over=is_final(PrepareStatus(row.status)),
        end=_end(row),
        log_complete=row.log_complete,
    )


def _of_run(row: Run) -> Attempt:
    late = row.late_result.get("log")
    return Attempt(
        id=row.id,
        kind="run",
        command_id=row.command_id,
        is_over=is_final(RunStatus(row.status)),
        end=LogEnd(**late) if late else _end(row),
        log_complete=row.log_complete,
    )


def _end(row: Prepare | Run) -> LogEnd | None:
    if row.log_bytes is None:
        return None
    return LogEnd(
        bytes=row.log_bytes,
        lines=row.log_lines or 0,
        sha256=row.log_sha256,
        truncated_bytes=row.log_truncated_bytes,
    )


async def accept_commands(
    db: AsyncSession, *, command_ids: Collection[UUID], now: datetime
) -> None:
    """Record that the node took these commands: it works on them, whatever became of its reply."""
    await db.execute(
        sa.update(Command)
        .where(col(Command.id).in_(command_ids), col(Command.status) == CommandStatus.SENT)
        .values(status=CommandStatus.ACCEPTED, replied_at=now)
    )
