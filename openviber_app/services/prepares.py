"""Prepares: a person's attempts of provisioning a binding."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.sharing import Right
from openviber_app.domain.statuses import (
    CommandStatus,
    PrepareStatus,
    advance,
    is_final,
)
from openviber_app.services.access import require_right, tell_watchers
from openviber_app.services.prepare_queue import cancel_prepare, end_prepare
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings, commands, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Prepare

HISTORY = 50


async def get_prepare(
    runtime: Runtime, actor: Actor, *, prepare_id: UUID
) -> tuple[Prepare, Mapping]:
    """Return an attempt with what it provisions.

    Raises:
        NotFoundError: no such prepare.
    """
    async with runtime.store.read() as db:
        return await _get(db, actor, prepare_id=prepare_id)


async def _get(db: AsyncSession, actor: Actor, *, prepare_id: UUID) -> tuple[Prepare, Mapping]:
    found = await prepares.find_prepare(db, user_id=actor.user_id, prepare_id=prepare_id)
    if found is None:
        raise NotFoundError("prepare")
    return found


async def _get_startable(
    db: AsyncSession, actor: Actor, *, prepare_id: UUID
) -> tuple[Prepare, Mapping]:
    prepare, mapping = await _get(db, actor, prepare_id=prepare_id)
    environment_id = mapping.environment.id
    await require_right(
        db, actor, environment_id=environment_id, right=Right.PREPARE, noun="prepare"
    )
    return prepare, mapping


async def list_prepares(
    runtime: Runtime, actor: Actor, *, binding_id: UUID
) -> tuple[Mapping, Sequence[Prepare]]:
    """Return a binding's newest attempts, newest first.

    Raises:
        NotFoundError: no such binding.
    """
    async with runtime.store.read() as db:
        mapping = await bindings.find_mapping(db, user_id=actor.user_id, binding_id=binding_id)
        if mapping is None:
            raise NotFoundError("binding")
        rows = await prepares.list_of_binding(db, binding_id=binding_id, limit=HISTORY)
        return mapping, rows


async def cancel(runtime: Runtime, actor: Actor, *, prepare_id: UUID) -> tuple[Prepare, Mapping]:
    """Take an attempt back; one that a node works on ends when the node says so.

    Raises:
        NotFoundError: no such prepare.
        ConflictError: it has ended.
    """
    async with runtime.store.write() as db:
        prepare, mapping = await _get_startable(db, actor, prepare_id=prepare_id)
        moved = await cancel_prepare(db, prepare, mapping, now=runtime.clock.now())
    runtime.announce(moved)
    return prepare, mapping


async def give_up(runtime: Runtime, actor: Actor, *, prepare_id: UUID) -> tuple[Prepare, Mapping]:
    """Mark an attempt lost because its node does not come back; if it does, the attempt is killed.

    Raises:
        NotFoundError: no such prepare.
        ConflictError: it has ended, or the node never got it.
    """
    async with runtime.store.write() as db:
        prepare, mapping = await _get_startable(db, actor, prepare_id=prepare_id)
        if is_final(PrepareStatus(prepare.status)):
            raise ConflictError(f"this prepare has already ended: {prepare.status}")
        command = await commands.find_command(db, command_id=prepare.command_id)
        if command is not None and command.status == CommandStatus.PENDING:
            raise ConflictError("this prepare still waits for its node; cancel it instead")
        if mapping.node.is_connected and prepare.cancel_requested_at is None:
            raise ConflictError(f"{mapping.node.name} is connected: cancel the prepare instead")
        if command is not None and command.status == CommandStatus.SENT:
            command.status = advance(CommandStatus.SENT, CommandStatus.WITHDRAWN)
        end_prepare(
            prepare,
            mapping,
            status=PrepareStatus.LOST,
            message=f"given up by {actor.name} while {mapping.node.name} did not answer",
            now=runtime.clock.now(),
        )
        moved = await tell_watchers(db, mapping.environment.id)
    runtime.announce(moved)
    return prepare, mapping
