"""Slots: the workspaces of a binding that are kept ready in advance."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import Advance, SlotCounts
from openviber_app.domain.statuses import BindingStatus, PrepareStatus
from openviber_app.services.access import tell_watchers
from openviber_app.services.prepare_queue import queue_prepare
from openviber_app.store import bindings, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Binding

MAX_SLOTS = 16
"""More workspaces of one environment on one node than this are not made in advance."""


async def top_up(db: AsyncSession, binding: Binding, *, now: datetime) -> list[Advance]:
    """Have one more slot filled in advance, if the binding has none spare and it makes sense.

    Not while an attempt is under way, and not after a spare failed since the last whole prepare:
    what failed once for a reason would fail for ever.
    """
    mapping = await bindings.find_any_mapping(db, binding_id=binding.id)
    if mapping is None or not _wants_spare(mapping):
        return []
    if await prepares.find_open(db, binding_id=binding.id) is not None:
        return []
    spare = await prepares.find_last(db, binding_id=binding.id, kind="spare")
    whole = await prepares.find_last_succeeded(db, binding_id=binding.id)
    has_failed = spare is not None and spare.status != PrepareStatus.SUCCEEDED
    if spare is not None and has_failed and (whole is None or whole.attempt < spare.attempt):
        return []
    await queue_prepare(db, mapping, kind="spare", now=now)
    return [Advance(f"outbox:{mapping.node.id}")]


def _wants_spare(mapping: Mapping) -> bool:
    binding = mapping.binding
    return (
        mapping.environment.type == "github"
        and binding.strategy == "auto_clone"
        and binding.status == BindingStatus.READY
        and binding.slots_ready == 0
        and binding.slots_claimed < MAX_SLOTS
        and mapping.node.drained_at is None
        and mapping.node.revoked_at is None
    )


async def apply_slots(
    db: AsyncSession, *, node_id: UUID, slots: SlotCounts, now: datetime
) -> list[Advance]:
    """Record a binding's slots; when none is spare any more, have another filled."""
    mapping = await bindings.find_any_mapping(db, binding_id=slots.binding_id)
    if mapping is None or mapping.node.id != node_id:
        return []
    mapping.binding.slots_ready = slots.ready
    mapping.binding.slots_claimed = slots.claimed
    await db.flush()
    moved = await tell_watchers(db, mapping.environment.id)
    return moved + await top_up(db, mapping.binding, now=now)
