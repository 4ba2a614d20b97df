"""What people see of a thread's timeline: pages of history, changes to resume from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.services.runtime import Runtime
from openviber_app.store import runs, threads, timeline
from openviber_app.store.tables import Run, TimelineItem

MESSAGE = "user_message"

GONE = "somebody who left"


@dataclass(frozen=True, slots=True)
class ItemView:
    """An entry of a timeline."""

    id: UUID
    run_id: UUID | None
    position: int
    seq: int
    kind: str
    status: str
    text: str
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    sent_by: str = ""
    """Who sent this message, when that is not the viewer."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that a run changed; counts are lines, -1 for a binary file."""

    path: str
    status: str
    old_path: str
    additions: int
    deletions: int


@dataclass(frozen=True, slots=True)
class LogView:
    """What a log was, told by the process that wrote it; `complete` once it was all here.

    With `removed_at` it had to make room for newer ones.
    """

    bytes: int | None
    lines: int | None
    sha256: str
    truncated_bytes: int
    complete: bool
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run. `proved_at` is when its node last told about it."""

    id: UUID
    thread_id: UUID
    message_id: UUID
    binding_id: UUID | None
    node_id: UUID | None
    executor: str
    status: str
    reason: str
    message: str
    exit_code: int | None
    duration_ms: int | None
    files: list[FileView]
    redacted: int
    log: LogView
    late_result: dict[str, Any]
    seq: int
    stop_requested_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Entries with the runs they belong to. `seq` is where a viewer resumes."""

    items: list[ItemView]
    runs: list[RunView]
    seq: int
    more: bool


Change = ItemView | RunView


async def item_views(
    db: AsyncSession, items: Sequence[TimelineItem], *, viewer: UUID
) -> list[ItemView]:
    """Return items as they are shown to the viewer."""
    said = [item.id for item in items if item.kind == MESSAGE]
    senders = await threads.list_senders(db, message_ids=said) if said else {}
    names = {of: name or GONE for of, (sender, name) in senders.items() if sender != viewer}
    return [_item_view(item, sent_by=names.get(item.id, "")) for item in items]


def _item_view(item: TimelineItem, *, sent_by: str) -> ItemView:
    return ItemView(
        id=item.id,
        run_id=item.run_id,
        position=item.position,
        seq=item.seq,
        kind=item.kind,
        status=item.status,
        text=item.text,
        fields=item.fields,
        created_at=item.created_at,
        updated_at=item.updated_at,
        sent_by=sent_by,
    )


def run_view(run: Run) -> RunView:
    """Return a run as it is shown."""
    return RunView(
        id=run.id,
        thread_id=run.thread_id,
        message_id=run.message_id,
        binding_id=run.binding_id,
        node_id=run.node_id,
        executor=run.executor,
        status=run.status,
        reason=run.reason,
        message=run.message,
        exit_code=run.exit_code,
        duration_ms=run.duration_ms,
        files=[FileView(**file) for file in run.files],
        redacted=run.redacted,
        log=LogView(
            bytes=run.log_bytes,
            lines=run.log_lines,
            sha256=run.log_sha256,
            truncated_bytes=run.log_truncated_bytes,
            complete=run.log_complete,
            removed_at=run.log_removed_at,
        ),
        late_result=run.late_result,
        seq=run.seq,
        stop_requested_at=run.stop_requested_at,
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        proved_at=run.proved_at,
    )


async def get_page(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, before: int | None = None, limit: int = 50
) -> TimelinePage:
    """Return a thread's last entries, or the last ones before a position.

    Raises:
        NotFoundError: no such thread of this person.
    """
    async with runtime.store.read() as db:
        await _require(db, actor, thread_id)
        seq = await timeline.get_seq(db, thread_id=thread_id)
        items, more = await timeline.list_before(
            db, thread_id=thread_id, before=before, limit=limit
        )
        run_ids = {item.run_id for item in items if item.run_id}
        found = await runs.list_runs(db, run_ids=run_ids)
        views = await item_views(db, items, viewer=actor.user_id)
        return TimelinePage(views, [*map(run_view, found)], seq, more)


async def get_changes(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, after: int, limit: int = 50
) -> TimelinePage:
    """Return what changed after a number, the earliest first; `seq` is where to go on.

    Raises:
        NotFoundError: no such thread of this person.
    """
    async with runtime.store.read() as db:
        await _require(db, actor, thread_id)
        seq = await timeline.get_seq(db, thread_id=thread_id)
        changes, more = await list_changes(
            db, thread_id=thread_id, viewer=actor.user_id, after=after, limit=limit
        )
    return TimelinePage(
        items=[change for change in changes if isinstance(change, ItemView)],
        runs=[change for change in changes if isinstance(change, RunView)],
        seq=changes[-1].seq if more and changes else seq,
        more=more,
    )


async def list_changes(
    db: AsyncSession, *, thread_id: UUID, viewer: UUID, after: int, limit: int
) -> tuple[list[Change], bool]:
    """Return items and runs changed after a number, in the order of change, and whether more are.

    A row that changed twice appears once, at its last change.
    """
    items, more_items = await timeline.list_changed_items(
        db, thread_id=thread_id, after=after, limit=limit
    )
    found, more_runs = await timeline.list_changed_runs(
        db, thread_id=thread_id, after=after, limit=limit
    )
    ends = [*_end(items, cut=more_items), *_end(found, cut=more_runs)]
    views = await item_views(db, items, viewer=viewer)
    changes: list[Change] = [*views, *map(run_view, found)]
    if ends:  # past the end of a list that was cut, the other one may not go
        changes = [change for change in changes if change.seq <= min(ends)]
    return sorted(changes, key=lambda change: change.seq), bool(ends)


def _end(rows: Sequence[TimelineItem] | Sequence[Run], *, cut: bool) -> Iterable[int]:
    return [rows[-1].seq] if cut and rows else []


async def _require(db: AsyncSession, actor: Actor, thread_id: UUID) -> None:
    if await threads.find_thread(db, thread_id=thread_id, user_id=actor.user_id) is None:
        raise NotFoundError("thread")
