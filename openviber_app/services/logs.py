"""The logs of executions: stored as they come, read from any byte."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.reports import Advance, LogEnd
from openviber_app.domain.statuses import PrepareStatus, RunStatus, is_final
from openviber_app.services import timeline
from openviber_app.services.runtime import Runtime
from openviber_app.store import executions, logs
from openviber_app.store.tables import Prepare, Run


@dataclass(frozen=True, slots=True)
class LogState:
    """Where a log is. `announced` is its length as its writer told it at the end."""

    stored: int
    announced: int | None
    is_over: bool
    """The execution has ended: nothing but what is still on its way will come."""
    is_complete: bool
    """Every byte is here and matches the writer's checksum."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is expected."""
        return self.is_over and (self.is_complete or self.announced is None)


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What is worth knowing beside a log; `lines` is None until its writer told."""

    lines: int | None
    redacted: int
    truncated_bytes: int
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Bytes of a log from `offset` on, with the place to go on from."""

    data: bytes
    offset: int
    next_offset: int
    state: LogState
    facts: LogFacts


def topic_of(execution_id: UUID) -> str:
    """Return the name under which the bus and viewers know a log."""
    return f"log:{execution_id}"


async def append(
    db: AsyncSession, *, execution_id: UUID, offset: int, data: bytes
) -> Advance | None:
    """Store redacted bytes that begin where the log ended until now.

    Returns None when the execution was deleted, and its log with it: nothing is stored then. That
    is asked only when it could be so, since this is the hot path of ingest.

    Raises:
        ValueError: they begin elsewhere.
    """
    if offset == 0 and not await exists(db, execution_id=execution_id):
        return None
    try:
        await logs.add_bytes(db, execution_id=execution_id, offset=offset, data=data)
    except ValueError:
        if await exists(db, execution_id=execution_id):
            raise
        return None
    return Advance(topic_of(execution_id), offset + len(data))


async def exists(db: AsyncSession, *, execution_id: UUID) -> bool:
    """Whether there is a run or a prepare that a log can belong to."""
    return await executions.find_execution(db, execution_id=execution_id) is not None


async def read(db: AsyncSession, *, execution_id: UUID, offset: int, limit: int) -> bytes:
    """Return at most `limit` bytes from `offset` on."""
    return await logs.get_bytes(db, execution_id=execution_id, offset=offset, limit=limit)


async def verify(db: AsyncSession, *, execution_id: UUID, end: LogEnd) -> bool:
    """Whether what is stored is what the writer says it wrote.

    Size and checksum decide: they leave the number of lines no choice.
    """
    digest, size = hashlib.sha256(), 0
    async for page in logs.iterate(db, execution_id=execution_id):
        digest.update(page)
        size += len(page)
    return size == end.bytes and digest.hexdigest() == end.sha256.lower()


async def complete(db: AsyncSession, *, execution_id: UUID) -> list[Advance]:
    """Record that a log is whole: its bytes are those that were written on the node."""
    execution = await executions.find_execution(db, execution_id=execution_id)
    if execution is None:
        return []
    execution.log_complete = True
    moved = [Advance(topic_of(execution_id), await logs.get_end(db, execution_id=execution_id))]
    if isinstance(execution, Run):  # who watches the thread is told of the run again
        moved.append(await timeline.changed(db, execution))
    return moved


async def delete(db: AsyncSession, *, execution_id: UUID) -> Advance:
    """Forget a log's bytes, for instance to have them sent again."""
    await logs.delete_log(db, execution_id=execution_id)
    execution = await executions.find_execution(db, execution_id=execution_id)
    if execution is not None:
        execution.log_complete, execution.log_removed_at = False, None
    return Advance(topic_of(execution_id), 0)


async def get_page(
    runtime: Runtime,
    actor: Actor,
    *,
    kind: Literal["prepare", "run"],
    execution_id: UUID,
    offset: int,
    limit: int,
) -> LogPage:
    """Return a page of a person's own log; a negative offset counts from the end.

    Raises:
        NotFoundError: no such execution of this person.
    """
    async with runtime.store.read() as db:
        execution = await executions.find_execution(
            db, execution_id=execution_id, user_id=actor.user_id
        )
        if not isinstance(execution, Run if kind == "run" else Prepare):
            raise NotFoundError(kind)
        state = await get_state(db, execution)
        at = min(offset, state.stored) if offset >= 0 else max(0, state.stored + offset)
        data = await read(db, execution_id=execution_id, offset=at, limit=limit)
        return LogPage(data, at, at + len(data), state, _facts(execution))


def _facts(execution: Run | Prepare) -> LogFacts:
    return LogFacts(
        lines=execution.log_lines,
        redacted=execution.redacted,
        truncated_bytes=execution.log_truncated_bytes,
        removed_at=execution.log_removed_at,
    )


async def get_state(db: AsyncSession, execution: Run | Prepare) -> LogState:
    """Return where an execution's log is."""
    kind = RunStatus if isinstance(execution, Run) else PrepareStatus
    return LogState(
        stored=await logs.get_end(db, execution_id=execution.id),
        announced=execution.log_bytes,
        is_over=is_final(kind(execution.status)),
        is_complete=execution.log_complete,
    )


async def stream(runtime: Runtime, *, execution_id: UUID) -> AsyncIterator[bytes]:
    """Yield all that is stored now, a page at a time, each read in a moment of its own.

    A slow download so holds no transaction open. Ask `get_page` first: it knows the owner.
    """
    async with runtime.store.read() as db:
        end = await logs.get_end(db, execution_id=execution_id)
    offset = 0
    while offset < end:
        limit = min(logs.PAGE_BYTES, end - offset)
        async with runtime.store.read() as db:
            page = await read(db, execution_id=execution_id, offset=offset, limit=limit)
        if not page:
            return  # deleted meanwhile
        yield page
        offset += len(page)
