"""The queue of prepares: how an attempt is asked of a node, or taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.errors import ConflictError
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.statuses import (
    BindingStatus,
    CommandStatus,
    PrepareStatus,
    advance,
    is_final,
)
from openviber_app.services import specs
from openviber_app.services.access import tell_watchers
from openviber_app.store import commands, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Command, Prepare


@dataclass(frozen=True, slots=True)
class Queued:
    """An attempt, and whether it was already under way."""

    prepare: Prepare
    joined: bool


def outbox(command: Command) -> Advance:
    """Return the topic that wakes the node's outbox."""
    return Advance(f"outbox:{command.node_id}")


async def queue_prepare(
    db: AsyncSession,
    mapping: Mapping,
    *,
    kind: str = "prepare",
    force: bool = False,
    fast_forward: bool = False,
    now: datetime,
) -> Queued:
    """Ask the node for an attempt, or join the one of this kind that has not ended."""
    binding, environment, node = mapping.binding, mapping.environment, mapping.node
    running = await prepares.find_open(db, binding_id=binding.id, kind=kind)
    if running is not None:
        return Queued(running, joined=True)
    prepare = Prepare(
        binding_id=binding.id,
        command_id=new_id(),
        attempt=await prepares.get_last_attempt(db, binding_id=binding.id) + 1,
        kind=kind,
        status=PrepareStatus.QUEUED,
        environment_version=environment.version,
        created_at=now,
    )
    db.add(prepare)
    commands.add_command(
        db,
        command_id=prepare.command_id,
        node_id=node.id,
        type="environment:prepare",
        attempt=prepare.attempt,
        payload={
            "binding_id": str(binding.id),
            "environment_id": str(environment.id),
            "prepare_id": str(prepare.id),
            "kind": kind,
            "strategy": binding.strategy,
            "existing_path": binding.existing_path,
            "fast_forward": fast_forward,
            "force": force,
            "spec": await specs.build_spec(db, environment),
        },
        now=now,
    )
    if kind == "prepare":
        if binding.status != BindingStatus.PREPARING:
            binding.status = advance(BindingStatus(binding.status), BindingStatus.PREPARING)
        binding.last_prepare_id = prepare.id
        binding.last_error = ""
    await db.flush()
    return Queued(prepare, joined=False)


async def cancel_prepare(
    db: AsyncSession, prepare: Prepare, mapping: Mapping, *, now: datetime
) -> list[Advance]:
    """Take an attempt back: at once when the node never got it, else by asking the node to stop.

    Raises:
        ConflictError: it has ended.
    """
    if is_final(PrepareStatus(prepare.status)):
        raise ConflictError(f"this prepare has already ended: {prepare.status}")
    moved = await tell_watchers(db, mapping.environment.id)
    command = await commands.find_command(db, command_id=prepare.command_id)
    if command is not None and command.status == CommandStatus.PENDING:
        command.status = advance(CommandStatus.PENDING, CommandStatus.WITHDRAWN)
        prepare.cancel_requested_at = now
        end_prepare(
            prepare,
            mapping,
            status=PrepareStatus.CANCELLED,
            message="cancelled before the node began",
            now=now,
        )
        return moved
    if prepare.cancel_requested_at is None:
        prepare.cancel_requested_at = now
        stop = commands.add_command(
            db,
            command_id=new_id(),
            node_id=mapping.node.id,
            type="environment:cancel",
            attempt=1,
            payload={"prepare_id": str(prepare.id), "reason": "cancelled"},
            now=now,
        )
        moved.append(outbox(stop))
    return moved


def end_prepare(
    prepare: Prepare,
    mapping: Mapping,
    *,
    status: PrepareStatus,
    message: str,
    reason: str = "",
    now: datetime,
) -> None:
    """End an attempt without having been told so by its process; its binding shows why."""
    current = PrepareStatus(prepare.status)
    if current is PrepareStatus.QUEUED and status not in {
        PrepareStatus.CANCELLED,
        PrepareStatus.FAILED,
    }:
        current = advance(current, PrepareStatus.ACCEPTED)
    prepare.status = advance(current, status)
    prepare.reason = reason or status.value
    prepare.message = message
    prepare.ended_at = now
    prepare.proved_at = now
    fail_binding(prepare, mapping, message=message, now=now)


def fail_binding(prepare: Prepare, mapping: Mapping, *, message: str, now: datetime) -> None:
    """Show on the binding why its last prepare failed; a spare's end says nothing of it."""
    binding = mapping.binding
    if prepare.kind != "prepare" or binding.last_prepare_id != prepare.id:
        return
    if binding.status == BindingStatus.PREPARING:
        binding.status = advance(BindingStatus.PREPARING, BindingStatus.ERROR)
    binding.last_error = message
    binding.last_prepare_at = now
    binding.proved_at = now
