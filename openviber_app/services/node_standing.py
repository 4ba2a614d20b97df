"""A node's standing: whether it is given new work, or is this board's at all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.reports import Advance
from openviber_app.domain.statuses import (
    BindingStatus,
    CommandStatus,
    PrepareStatus,
    RunStatus,
    advance,
)
from openviber_app.services import audit, dispatch, runs, slots
from openviber_app.services.deliveries_seen import Seen, list_seen
from openviber_app.services.nodes import NodeView, get_node
from openviber_app.services.prepare_queue import end_prepare
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings, commands, nodes, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Node


@dataclass(frozen=True, slots=True)
class Revoked:
    """A node that is this board's no more, with what it has seen of secrets."""

    node: NodeView
    seen: list[Seen]


async def drain(runtime: Runtime, actor: Actor, *, node_id: UUID, client: str = "") -> NodeView:
    """Give a node no new work; what runs there goes on, what is queued waits.

    Raises:
        NotFoundError: no such node.
        ConflictError: it was revoked, or never set up.
    """
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        _require_usable(node)
        if node.drained_at is None:
            node.drained_at = runtime.clock.now()
            audit.record(runtime, db, _deed("node.drained", node, actor, client=client))
    runtime.announce([Advance(f"user:{actor.user_id}")])
    return await get_node(runtime, actor, node_id=node_id)


async def resume(runtime: Runtime, actor: Actor, *, node_id: UUID, client: str = "") -> NodeView:
    """Give a drained node work again: what waited for it begins.

    Raises:
        NotFoundError: no such node.
        ConflictError: it was revoked, or never set up.
    """
    now = runtime.clock.now()
    moved = [Advance(f"user:{actor.user_id}"), Advance(f"outbox:{node_id}")]
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        _require_usable(node)
        if node.drained_at is not None:
            node.drained_at = None
            audit.record(runtime, db, _deed("node.resumed", node, actor, client=client))
            await db.flush()
            for mapping in await bindings.list_of_node(db, node_id=node_id):
                moved += await dispatch.dispatch_ready(db, binding=mapping.binding, now=now)
                moved += await slots.top_up(db, mapping.binding, now=now)
    runtime.announce(moved)
    return await get_node(runtime, actor, node_id=node_id)


async def settle_identity(
    runtime: Runtime, actor: Actor, *, node_id: UUID, client: str = ""
) -> NodeView:
    """Take the warning back that two daemons use a node's identity; the next one brings it again.

    Raises:
        NotFoundError: no such node.
    """
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        if node.fenced_at is not None:
            node.fenced_at = None
            audit.record(runtime, db, _deed("node.identity_settled", node, actor, client=client))
    runtime.announce([Advance(f"user:{actor.user_id}")])
    return await get_node(runtime, actor, node_id=node_id)


async def revoke(runtime: Runtime, actor: Actor, *, node_id: UUID, client: str = "") -> Revoked:
    """Make a node's token and keys worth nothing, and end everything that was asked of it.

    The hub closes its socket as soon as this is committed. A second time changes nothing.

    Raises:
        NotFoundError: no such node.
        ConflictError: it was never set up.
    """
    moved = [Advance(f"user:{actor.user_id}"), Advance(f"outbox:{node_id}")]
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        if node.claimed_at is None:
            raise ConflictError(f"{node.name} was never set up: remove it instead")
        if node.revoked_at is None:
            node.revoked_at = runtime.clock.now()
            node.drained_at = node.fenced_at = None
            await db.flush()  # from here on nothing is placed there, not even what this frees
            moved += await _end_everything(db, node, now=node.revoked_at)
            seen = await list_seen(db, node_id=node_id)
            facts = {"secrets_to_rotate": [f"{s.environment}/{s.key}" for s in seen if s.is_open]}
            deed = _deed("node.revoked", node, actor, client=client, facts=facts)
            audit.record(runtime, db, deed)
    runtime.announce(moved)
    async with runtime.store.read() as db:
        seen = await list_seen(db, node_id=node_id)
    return Revoked(await get_node(runtime, actor, node_id=node_id), seen)


async def _end_everything(db: AsyncSession, node: Node, *, now: datetime) -> list[Advance]:
    words = f"{node.name} was revoked"
    moved: list[Advance] = []
    for command in await commands.list_undelivered(db, node_id=node.id):
        command.status = advance(CommandStatus(command.status), CommandStatus.WITHDRAWN)
    for mapping in await bindings.list_of_node(db, node_id=node.id):
        moved += await _end_binding(db, mapping, words=words, now=now)
    for run in await nodes.list_open_runs(db, node_id=node.id):
        moved += await runs.end_run(
            db, run=run, status=RunStatus.LOST, reason="lost", message=words, now=now
        )
    return moved


async def _end_binding(
    db: AsyncSession, mapping: Mapping, *, words: str, now: datetime
) -> list[Advance]:
    """End what goes on for a binding, and show on it that its node is gone."""
    binding = mapping.binding
    for kind in ("prepare", "spare"):
        prepare = await prepares.find_open(db, binding_id=binding.id, kind=kind)
        if prepare is not None:
            is_new = prepare.status == PrepareStatus.QUEUED
            status = PrepareStatus.CANCELLED if is_new else PrepareStatus.LOST
            end_prepare(prepare, mapping, status=status, message=words, now=now)
    status = BindingStatus(binding.status)
    if status is BindingStatus.READY:
        binding.status = advance(status, BindingStatus.STALE)
    elif status is BindingStatus.PENDING:
        begun = advance(status, BindingStatus.PREPARING)
        binding.status = advance(begun, BindingStatus.ERROR)
    elif status is BindingStatus.PREPARING:
        binding.status = advance(status, BindingStatus.ERROR)
    if binding.status == BindingStatus.STALE:
        binding.stale_reasons = ["node revoked"]
    binding.last_error, binding.proved_at = words, now
    await bindings.forget_in_threads(db, binding_id=binding.id)
    return [Advance(f"user:{mapping.environment.user_id}")]


async def _get(db: AsyncSession, actor: Actor, *, node_id: UUID) -> Node:
    node = await nodes.find_node(db, user_id=actor.user_id, node_id=node_id)
    if node is None:
        raise NotFoundError("node")
    return node


def _require_usable(node: Node) -> None:
    if node.revoked_at is not None:
        raise ConflictError(f"{node.name} was revoked: nothing can be asked of it any more")
    if node.claimed_at is None:
        raise ConflictError(f"{node.name} was never set up: run its one-time command first")


def _deed(
    action: str,
    node: Node,
    actor: Actor,
    *,
    client: str,
    facts: dict[str, list[str]] | None = None,
) -> audit.Deed:
    target = audit.Target(kind="node", id=node.id, name=node.name)
    return audit.Deed(action=action, target=target, actor=actor, client=client, facts=facts or {})
