"""What nodes tell of prepares, applied to their rows inside the hub's transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import Advance, PrepareReport
from openviber_app.domain.statuses import (
    BindingStatus,
    PrepareStatus,
    advance,
    is_final,
)
from openviber_app.services import dispatch, specs
from openviber_app.services.access import tell_watchers
from openviber_app.services.prepare_queue import end_prepare, fail_binding
from openviber_app.services.slots import apply_slots
from openviber_app.store import commands, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Prepare

ENDS = {
    "cancelled": PrepareStatus.CANCELLED,
    "stopped": PrepareStatus.CANCELLED,
    "interrupted": PrepareStatus.INTERRUPTED,
    "lost": PrepareStatus.LOST,
}
"""What an error's reason makes of a prepare; every other reason means that it failed."""


async def apply_report(
    db: AsyncSession, *, node_id: UUID, report: PrepareReport, now: datetime
) -> list[Advance]:
    """Record what a node says of an attempt; what comes after its end is kept as evidence only."""
    found = await prepares.find_any_prepare(db, prepare_id=report.prepare_id)
    if found is None:
        return []
    prepare, mapping = found
    if mapping.node.id != node_id or mapping.binding.id != report.binding_id:
        return []
    if is_final(PrepareStatus(prepare.status)):
        _keep_evidence(prepare, report, now=now)
        return await _apply_slots(db, node_id=node_id, report=report, now=now)
    if prepare.status == PrepareStatus.QUEUED:  # the reply to its command was lost on the way
        prepare.status = advance(PrepareStatus.QUEUED, PrepareStatus.ACCEPTED)
    _copy(prepare, report, now=now)
    moved = await tell_watchers(db, mapping.environment.id)
    if report.log is None and report.status == "preparing":
        if prepare.status == PrepareStatus.ACCEPTED:
            prepare.status = advance(PrepareStatus.ACCEPTED, PrepareStatus.RUNNING)
            prepare.started_at = now
        return moved + await _apply_slots(db, node_id=node_id, report=report, now=now)
    _end(prepare, report, now=now)
    if prepare.status == PrepareStatus.SUCCEEDED:
        await _make_ready(db, prepare, mapping, report=report, now=now)
    else:
        fail_binding(prepare, mapping, message=report.message or report.reason, now=now)
    if prepare.kind == "prepare":
        await db.flush()
        moved += await dispatch.dispatch_ready(db, binding=mapping.binding, now=now)
    return moved + await _apply_slots(db, node_id=node_id, report=report, now=now)


async def _apply_slots(
    db: AsyncSession, *, node_id: UUID, report: PrepareReport, now: datetime
) -> list[Advance]:
    if report.slots is None:
        return []
    return await apply_slots(db, node_id=node_id, slots=report.slots, now=now)


def _keep_evidence(prepare: Prepare, report: PrepareReport, *, now: datetime) -> None:
    if report.log is None:
        return
    prepare.receipt = {
        **prepare.receipt,
        "lateResult": {
            "status": report.status,
            "reason": report.reason,
            "message": report.message,
            "receipt": report.receipt,
            "at": now.isoformat(),
        },
    }
    _copy_log_end(prepare, report)


def _copy_log_end(prepare: Prepare, report: PrepareReport) -> None:
    if report.log is not None:
        prepare.log_bytes = report.log.bytes
        prepare.log_lines = report.log.lines
        prepare.log_sha256 = report.log.sha256
        prepare.log_truncated_bytes = report.log.truncated_bytes


def _copy(prepare: Prepare, report: PrepareReport, *, now: datetime) -> None:
    prepare.phase = report.phase or prepare.phase
    prepare.phases = report.phases or prepare.phases
    prepare.message = report.message
    prepare.redacted = max(prepare.redacted, report.redacted)
    prepare.receipt = report.receipt or prepare.receipt
    prepare.fingerprint = report.fingerprint or prepare.fingerprint
    prepare.proved_at = now
    _copy_log_end(prepare, report)


def _end(prepare: Prepare, report: PrepareReport, *, now: datetime) -> None:
    wanted = (
        PrepareStatus.SUCCEEDED
        if report.status == "ready"
        else ENDS.get(report.reason, PrepareStatus.FAILED)
    )
    prepare.status = advance(PrepareStatus(prepare.status), wanted)
    prepare.reason = report.reason
    prepare.noop = report.noop
    prepare.started_at = prepare.started_at or now
    prepare.ended_at = now


async def _make_ready(
    db: AsyncSession, prepare: Prepare, mapping: Mapping, *, report: PrepareReport, now: datetime
) -> None:
    binding, environment = mapping.binding, mapping.environment
    if prepare.kind != "prepare" or binding.last_prepare_id != prepare.id:
        return
    changed = await _changed_meanwhile(db, prepare, mapping)
    if binding.status == BindingStatus.PREPARING:
        wanted = BindingStatus.STALE if changed else BindingStatus.READY
        binding.status = advance(BindingStatus.PREPARING, wanted)
    binding.stale_reasons = changed
    binding.resolved_working_dir = report.resolved_working_dir
    binding.fingerprint = report.fingerprint
    binding.last_error = ""
    binding.last_prepare_at = now
    binding.proved_at = now
    current = environment.default_binding_id
    if current is None or await _never_worked(db, binding_id=current):
        environment.default_binding_id = binding.id


async def _changed_meanwhile(db: AsyncSession, prepare: Prepare, mapping: Mapping) -> list[str]:
    """Name what was edited while the attempt ran with the configuration it was given."""
    if mapping.environment.version == prepare.environment_version:
        return []
    command = await commands.find_command(db, command_id=prepare.command_id)
    given = (command.payload.get("spec") or {}).get("fingerprint", {}) if command else {}
    wanted = (await specs.build_spec(db, mapping.environment))["fingerprint"]
    return sorted(name for name in {*given, *wanted} if given.get(name) != wanted.get(name))


async def _never_worked(db: AsyncSession, *, binding_id: UUID) -> bool:
    return await prepares.find_last_succeeded(db, binding_id=binding_id) is None


async def accepted(db: AsyncSession, *, command_id: UUID) -> list[Advance]:
    """Record that the node took on the prepare of this command."""
    prepare = await prepares.find_by_command(db, command_id=command_id)
    if prepare is not None and prepare.status == PrepareStatus.QUEUED:
        prepare.status = advance(PrepareStatus.QUEUED, PrepareStatus.ACCEPTED)
    return []


async def command_refused(
    db: AsyncSession, *, command_id: UUID, message: str, now: datetime
) -> list[Advance]:
    """End the prepare of a command that the node, or the hub before sending it, refused."""
    prepare = await prepares.find_by_command(db, command_id=command_id)
    if prepare is None or is_final(PrepareStatus(prepare.status)):
        return []
    return await _end_untold(
        db,
        prepare,
        status=PrepareStatus.FAILED,
        reason="refused",
        message=message,
        now=now,
    )


async def interrupt_missing(
    db: AsyncSession,
    *,
    node_id: UUID,
    listed: Collection[UUID],
    streams: Collection[UUID],
    now: datetime,
) -> list[Advance]:
    """End what the node took on and, by its hello, neither runs nor has anything to tell about."""
    moved: list[Advance] = []
    for prepare, mapping in await prepares.list_begun_on_node(db, node_id=node_id):
        if prepare.id in listed or prepare.id in streams:
            continue
        moved += await _end_untold(
            db,
            prepare,
            status=PrepareStatus.INTERRUPTED,
            reason="interrupted",
            message=f"{mapping.node.name} no longer knows of this prepare",
            now=now,
        )
    return moved


async def _end_untold(
    db: AsyncSession,
    prepare: Prepare,
    *,
    status: PrepareStatus,
    reason: str,
    message: str,
    now: datetime,
) -> list[Advance]:
    found = await prepares.find_any_prepare(db, prepare_id=prepare.id)
    if found is None:
        return []
    _, mapping = found
    end_prepare(prepare, mapping, status=status, reason=reason, message=message, now=now)
    await db.flush()
    moved = await tell_watchers(db, mapping.environment.id)
    if prepare.kind == "prepare":
        moved += await dispatch.dispatch_ready(db, binding=mapping.binding, now=now)
    return moved
