"""What nodes tell of runs, applied to their rows inside the hub's transaction.

Every function here may be called for a run that is gone, foreign to the node or long over: it then
changes nothing.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import Advance, LogEnd, RunEnded, RunProgress, RunStarted
from openviber_app.domain.statuses import CommandStatus, RunStatus, advance, is_final
from openviber_app.services import slots, timeline
from openviber_app.services.access import tell_watchers
from openviber_app.services.dispatch import start_next
from openviber_app.store import runs, threads
from openviber_app.store.commands import find_command
from openviber_app.store.tables import Binding, Run

STOPPED_REASONS = {"stopped", "cancelled"}

INTERRUPTED = (
    "the process that carried this run out is gone and left no result; nothing is run again by "
    "itself: send the message again if you want that"
)


async def _open_run(db: AsyncSession, *, node_id: UUID, run_id: UUID) -> Run | None:
    run = await runs.find_run(db, run_id=run_id)
    if run is None or run.node_id != node_id or is_final(RunStatus(run.status)):
        return None
    return run


async def _prove(db: AsyncSession, run: Run, now: datetime) -> bool:
    """Take a report as proof that the node has the run; True when it was not known to run."""
    run.proved_at = now
    if run.status != RunStatus.QUEUED:
        return False
    command = await find_command(db, command_id=run.command_id)
    if command is not None and command.status == CommandStatus.SENT:  # its reply was lost
        command.status = advance(CommandStatus.SENT, CommandStatus.ACCEPTED)
        command.replied_at = now
    run.status = advance(RunStatus(run.status), RunStatus.RUNNING)
    run.started_at = now
    return True


async def _of_lists(db: AsyncSession, run: Run) -> list[Advance]:
    thread = await threads.find_thread(db, thread_id=run.thread_id)
    return await tell_watchers(db, thread.environment_id) if thread else []


async def apply_started(
    db: AsyncSession, *, node_id: UUID, report: RunStarted, now: datetime
) -> list[Advance]:
    """Record where a run works; the thread holds that workspace from now on.

    When it took the last spare workspace, another one is asked for.
    """
    run = await _open_run(db, node_id=node_id, run_id=report.run_id)
    thread = await threads.find_thread(db, thread_id=run.thread_id, lock=True) if run else None
    if run is None or thread is None:
        return []
    await _prove(db, run, now)
    thread.binding_id = run.binding_id
    thread.working_dir = report.working_dir
    thread.branch = report.branch or thread.branch
    thread.base_commit = report.base_commit or thread.base_commit
    moved = [
        await timeline.changed(db, run),
        *await tell_watchers(db, thread.environment_id),
    ]
    binding = await db.get(Binding, run.binding_id) if report.slots else None
    if report.slots is not None and binding is not None:
        binding.slots_ready, binding.slots_claimed = report.slots.ready, report.slots.claimed
        if report.slots.ready == 0:
            await db.flush()
            moved += await slots.top_up(db, binding, now=now)
    return moved


async def apply_progress(
    db: AsyncSession, *, node_id: UUID, report: RunProgress, now: datetime
) -> list[Advance]:
    """Record new timeline entries; the first ones also prove that the run is under way."""
    run = await _open_run(db, node_id=node_id, run_id=report.run_id)
    if run is None or not report.records:
        return []
    moved: list[Advance] = []
    if await _prove(db, run, now):
        moved = [await timeline.changed(db, run), *await _of_lists(db, run)]
    moved.append(await timeline.apply_records(db, run=run, records=report.records, now=now))
    return moved


def _end_of(report: RunEnded) -> tuple[RunStatus, str, str]:
    """Return the status, the reason and the message that a report amounts to."""
    if report.reason in STOPPED_REASONS:
        return RunStatus.STOPPED, report.reason, report.message
    if report.reason:
        return RunStatus.FAILED, report.reason, report.message
    if report.exit_code == 0:
        return RunStatus.COMPLETED, "", report.message
    message = report.message or f"it ended with exit code {report.exit_code}"
    return RunStatus.FAILED, "failed", message


def _set_log_end(run: Run, log: LogEnd | None) -> None:
    if log is None:
        return
    run.log_bytes, run.log_lines = log.bytes, log.lines
    run.log_sha256, run.log_truncated_bytes = log.sha256, log.truncated_bytes
    run.log_complete = log.bytes == 0  # otherwise once its bytes were verified


async def apply_ended(
    db: AsyncSession, *, node_id: UUID, report: RunEnded, now: datetime
) -> list[Advance]:
    """Record a run's end; the thread's next message has its turn.

    The end of a run that somebody gave up is kept beside it as evidence.
    """
    run = await runs.find_run(db, run_id=report.run_id)
    if run is None or run.node_id != node_id:
        return []
    if run.status == RunStatus.LOST and not run.late_result:
        status, reason, message = _end_of(report)
        run.late_result = {
            "status": status,
            "reason": reason,
            "message": message,
            "exitCode": report.exit_code,
            "durationMs": report.duration_ms,
            "files": report.files,
            "log": asdict(report.log) if report.log else None,
            "receivedAt": now.isoformat(),
        }
        return [await timeline.changed(db, run)]
    if is_final(RunStatus(run.status)):
        return []
    await _prove(db, run, now)
    status, reason, message = _end_of(report)
    run.exit_code, run.duration_ms = report.exit_code, report.duration_ms
    run.files, run.redacted = report.files, report.redacted
    _set_log_end(run, report.log)
    return await end_run(db, run=run, status=status, reason=reason, message=message, now=now)


async def end_run(
    db: AsyncSession,
    *,
    run: Run,
    status: RunStatus,
    reason: str,
    message: str,
    now: datetime,
) -> list[Advance]:
    """End a run that has not ended, close its entries, start the thread's next message."""
    run.status = advance(RunStatus(run.status), status)
    run.reason, run.message, run.ended_at = reason, message, now
    await timeline.finish_items(db, run=run, succeeded=status is RunStatus.COMPLETED, now=now)
    moved = [await timeline.changed(db, run), Advance(f"log:{run.id}", run.log_bytes or 0)]
    thread = await threads.find_thread(db, thread_id=run.thread_id, lock=True)
    if thread is not None:
        thread.updated_at = now
        moved += await tell_watchers(db, thread.environment_id)
        await db.flush()
        moved += await start_next(db, thread=thread, now=now)
    return moved


async def interrupt_missing(
    db: AsyncSession,
    *,
    node_id: UUID,
    listed: Collection[UUID],
    streams: Collection[UUID],
    now: datetime,
) -> list[Advance]:
    """End the runs that a node took on and, by its hello, knows nothing of any more.

    `listed` are the executions it says it carries out; `streams` those whose events it still
    holds: their end is on the way.
    """
    moved: list[Advance] = []
    for run in await runs.list_accepted(db, node_id=node_id):
        if run.id in listed or run.id in streams:
            continue
        moved += await end_run(
            db,
            run=run,
            status=RunStatus.FAILED,
            reason="interrupted",
            message=INTERRUPTED,
            now=now,
        )
    return moved


async def command_refused(
    db: AsyncSession, *, command_id: UUID, message: str, now: datetime
) -> list[Advance]:
    """End the run whose command its node (or the hub, before sending) refused."""
    run = await runs.find_run_of_command(db, command_id=command_id)
    if run is None or is_final(RunStatus(run.status)):
        return []
    return await end_run(
        db, run=run, status=RunStatus.FAILED, reason="refused", message=message, now=now
    )
