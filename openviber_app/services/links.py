"""The truth about a node's link: connected or not, since when, and last heard of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import Advance
from openviber_app.services import audit
from openviber_app.services.access import tell_watchers_of_node
from openviber_app.services.runtime import Runtime
from openviber_app.store import nodes
from openviber_app.store.tables import Node

FENCED_FOR = timedelta(hours=1)
"""How long the board warns of a second daemon after the last time that one was there."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a node says of itself when it connects."""

    boot_id: str
    daemon_version: str
    capabilities: Mapping[str, Any]
    hub_key_id: str = ""
    """The board's signing key that it has pinned."""
    clock_skew_seconds: float | None = None
    """How far its clock was ahead of the board's; the way of its hello counts as behind."""


async def reset_all(runtime: Runtime) -> None:
    """Say that no node is connected, as is true when the board's process starts."""
    async with runtime.store.write() as db:
        await nodes.reset_links(db, now=runtime.clock.now())


async def connect(
    db: AsyncSession, node: Node, arrival: Arrival, *, now: datetime
) -> list[Advance]:
    """Record that a node is there; its epoch rises, which fences off every older session."""
    node.epoch += 1
    node.boot_id = arrival.boot_id
    node.daemon_version = arrival.daemon_version
    node.capabilities = dict(arrival.capabilities)
    node.hub_key_id = arrival.hub_key_id
    node.is_connected = True
    node.link_changed_at = now
    node.link_reason = ""
    node.clock_skew_seconds = arrival.clock_skew_seconds
    node.last_seen_at = now
    return await tell_watchers_of_node(db, node)


async def disconnect(
    runtime: Runtime, *, node_id: UUID, epoch: int, last_seen_at: datetime, reason: str
) -> None:
    """Record that a node's session ended and why, unless a newer one has begun."""
    async with runtime.store.write() as db:
        node = await db.get(Node, node_id)
        if node is None or node.epoch != epoch:
            return
        node.is_connected = False
        node.link_changed_at = runtime.clock.now()
        node.link_reason = reason
        node.last_seen_at = last_seen_at
        moved = await tell_watchers_of_node(db, node)
    runtime.announce(moved)


async def fence(runtime: Runtime, *, node_id: UUID) -> None:
    """Record that a second daemon took a node's place while the first was alive.

    The second has the place and the higher epoch; the first is gone, and what it does is its own.
    """
    async with runtime.store.write() as db:
        node = await db.get(Node, node_id)
        if node is None or node.revoked_at is not None:
            return
        if node.fenced_at is None:
            target = audit.Target(kind="node", id=node.id, name=node.name)
            audit.record(runtime, db, audit.Deed(action="node.fenced", target=target))
        node.fenced_at = runtime.clock.now()
    runtime.announce([Advance(f"user:{node.user_id}")])


async def refuse(runtime: Runtime, *, node_id: UUID, reason: str) -> None:
    """Record why a node that has no session was not let in; said again, it changes nothing."""
    async with runtime.store.write() as db:
        node = await db.get(Node, node_id)
        if node is None or node.is_connected or node.link_reason == reason:
            return
        node.link_reason = reason
    runtime.announce([Advance(f"user:{node.user_id}")])


async def heard(
    db: AsyncSession, *, node_id: UUID, load: Mapping[str, Any], at: datetime
) -> list[Advance]:
    """Record a heartbeat; the caller does so only now and then."""
    node = await db.get(Node, node_id)
    if node is None:
        return []
    node.load = dict(load)
    node.last_seen_at = at
    if node.fenced_at is not None and at - node.fenced_at > FENCED_FOR:
        node.fenced_at = None
    return [Advance(f"user:{node.user_id}")]
