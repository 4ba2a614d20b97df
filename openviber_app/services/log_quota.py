"""How much of logs the board keeps: the oldest that are whole make room for the new."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import Advance
from openviber_app.services import timeline
from openviber_app.services.runtime import Runtime
from openviber_app.store import executions, logs
from openviber_app.store.tables import Run

ROOM_PART = 10
"""When the quota is reached, a tenth of it is freed: not every new log is to cost an old one."""

PAGE = 100
KIB = 1024
UNITS = ("KiB", "MiB", "GiB", "TiB")


def size_in_words(count: int) -> str:
    """Return a number of bytes the way people say it."""
    if count < KIB:
        return f"{count} bytes"
    power = min(len(UNITS), (count.bit_length() - 1) // 10)
    return f"{count / KIB**power:.1f}".removesuffix(".0") + f" {UNITS[power - 1]}"


def notice(*, size: int, quota: int, at: datetime) -> bytes:
    """Return what stands where a removed log stood."""
    return (
        f"[openviber: this log of {size_in_words(size)} was removed on {at:%Y-%m-%d} because the "
        f"board keeps at most {size_in_words(quota)} of logs, and the oldest finished ones go "
        "first. Whoever runs the board can raise LOG_QUOTA_BYTES]\n"
    ).encode()


async def make_room(runtime: Runtime, *, added: int) -> int:
    """Remove the oldest finished logs if a log of `added` bytes filled the quota.

    Returns how many went. A log whose execution goes on, or whose bytes are still on their way
    from a node that is there, is never touched: what it lacks would not fit any more.
    """
    quota, kept = runtime.settings.log_quota_bytes, runtime.kept_logs
    async with kept.lock:
        if kept.has_room(added, quota=quota):
            return 0
        async with runtime.store.read() as db:
            kept.bytes = await logs.count_bytes(db)
        if kept.bytes <= quota:
            return 0
        removed = 0
        goal = quota - quota // ROOM_PART
        while kept.bytes > goal:
            async with runtime.store.read() as db:
                oldest = await executions.list_oldest_logs(db, limit=PAGE)
            if not oldest:
                break
            for execution_id in oldest:
                kept.bytes -= await _remove(runtime, execution_id)
                removed += 1
                if kept.bytes <= goal:
                    break
        return removed


async def _remove(runtime: Runtime, execution_id: UUID) -> int:
    """Put words in the place of a log; returns how many bytes that freed."""
    now = runtime.clock.now()
    async with runtime.store.write() as db:  # one log a transaction: ingest waits for no more
        freed, moved = await _replace(
            db, execution_id, quota=runtime.settings.log_quota_bytes, now=now
        )
    runtime.announce(moved)
    return freed


async def _replace(
    db: AsyncSession, execution_id: UUID, *, quota: int, now: datetime
) -> tuple[int, list[Advance]]:
    still = await executions.list_oldest_logs(db, limit=1, only=execution_id)
    execution = await executions.find_execution(db, execution_id=execution_id)
    if not still or execution is None:
        return 0, []  # deleted meanwhile, or its node sends it again
    size = await logs.get_end(db, execution_id=execution_id)
    words = notice(size=size, quota=quota, at=now)
    await logs.delete_log(db, execution_id=execution_id)
    await logs.add_bytes(db, execution_id=execution_id, offset=0, data=words)
    execution.log_removed_at = now
    moved = [Advance(f"log:{execution_id}", len(words))]
    if isinstance(execution, Run):
        moved.append(await timeline.changed(db, execution))
    return size - len(words), moved
