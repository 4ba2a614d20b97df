"""What people see of a thread outside its timeline: a row of the list, a page's head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.errors import ConflictError
from openviber_app.domain.grouping import ThreadGroup, group_of
from openviber_app.domain.marks import is_unread
from openviber_app.domain.statuses import RunStatus, ThreadStatus, is_final
from openviber_app.services.dispatch import choose_place
from openviber_app.store import marks, scopes, threads, users
from openviber_app.store.tables import Node, Run, Thread

UNTITLED = "New thread"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that a thread did last, or does now."""

    id: UUID
    status: str
    reason: str
    exit_code: int | None
    duration_ms: int | None
    started_at: datetime | None
    ended_at: datetime | None
    additions: int = 0
    deletions: int = 0


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread. `waits_for` says in words what keeps its next message from running."""

    id: UUID
    environment_id: UUID
    title: str
    status: str
    group: ThreadGroup
    branch: str
    """Empty until a workspace stands on it: a folder that is not git's never does."""
    working_dir: str
    base_commit: str
    node_id: UUID | None
    node_name: str
    node_connected: bool | None
    binding_id: UUID | None
    last_run: LastRun | None
    queued_messages: int
    waits_for: str
    timeline_seq: int
    last_message_at: datetime
    created_at: datetime
    updated_at: datetime
    is_pinned: bool = False
    is_unread: bool = False
    started_by: str = ""
    """Who started it, when that is not the viewer."""
    can_run: bool = True
    """Whether the viewer may rename, archive and move it, and send messages."""


async def view_one(
    db: AsyncSession,
    thread: Thread,
    *,
    viewer: UUID,
    now: datetime,
    utc_offset_minutes: int = 0,
) -> ThreadView:
    """Return one thread as it is shown to the viewer."""
    views = await view_page(
        db, [thread], viewer=viewer, now=now, utc_offset_minutes=utc_offset_minutes
    )
    return views[0]


async def view_page(
    db: AsyncSession,
    found: Sequence[Thread],
    *,
    viewer: UUID,
    now: datetime,
    utc_offset_minutes: int,
) -> list[ThreadView]:
    """Return threads as they are shown to the viewer; a few short queries for any page."""
    last_runs = await threads.list_last_runs(db, found)
    queued = await threads.count_queued_of(db, thread_ids=[thread.id for thread in found])
    node_ids = {thread.id: _node_id(thread, last_runs.get(thread.id)) for thread in found}
    of_id = await threads.list_nodes_of(db, node_ids=[n for n in node_ids.values() if n])
    noted = await marks.list_thread_marks(
        db, user_id=viewer, thread_ids=[thread.id for thread in found]
    )
    others = {thread.user_id for thread in found} - {viewer}
    names = await users.list_names(db, others) if others else {}
    runnable = await scopes.list_runnable(
        db, user_id=viewer, environment_ids={thread.environment_id for thread in found}
    )
    views: list[ThreadView] = []
    for thread in found:
        run, waiting = last_runs.get(thread.id), queued.get(thread.id, 0)
        node_id = node_ids[thread.id]
        node = of_id.get(node_id) if node_id else None
        mark = noted.get(thread.id)
        views.append(
            ThreadView(
                id=thread.id,
                environment_id=thread.environment_id,
                title=thread.title or UNTITLED,
                status=thread.status,
                group=group_of(
                    status=thread.status,
                    last_activity=thread.last_message_at,
                    now=now,
                    utc_offset_minutes=utc_offset_minutes,
                ),
                branch=thread.branch if thread.base_commit else "",
                working_dir=thread.working_dir,
                base_commit=thread.base_commit,
                node_id=node_id,
                node_name=node.name if node else "",
                node_connected=node.is_connected if node else None,
                binding_id=thread.binding_id,
                last_run=_last_run(run) if run else None,
                queued_messages=waiting,
                waits_for=await _waits_for(db, thread, run=run, node=node, queued=waiting),
                timeline_seq=thread.timeline_seq,
                last_message_at=thread.last_message_at,
                created_at=thread.created_at,
                updated_at=thread.updated_at,
                is_pinned=bool(mark and mark.is_pinned),
                is_unread=is_unread(
                    is_marked=mark is not None,
                    read_at=mark.read_at if mark else None,
                    ended_at=run.ended_at if run else None,
                ),
                started_by=names.get(thread.user_id, ""),
                can_run=thread.environment_id in runnable,
            )
        )
    return views


def _last_run(run: Run) -> LastRun:
    return LastRun(
        id=run.id,
        status=run.status,
        reason=run.reason,
        exit_code=run.exit_code,
        duration_ms=run.duration_ms,
        started_at=run.started_at,
        ended_at=run.ended_at,
        additions=_total(run, "additions"),
        deletions=_total(run, "deletions"),
    )


def _total(run: Run, side: str) -> int:
    return sum(max(0, int(file.get(side) or 0)) for file in run.files)  # -1: not of lines


def _node_id(thread: Thread, run: Run | None) -> UUID | None:
    if run is not None and not is_final(RunStatus(run.status)):
        return run.node_id
    return thread.active_node_id or (run.node_id if run else None)


async def _waits_for(
    db: AsyncSession, thread: Thread, *, run: Run | None, node: Node | None, queued: int
) -> str:
    if run is not None and not is_final(RunStatus(run.status)):
        waits = run.status == RunStatus.QUEUED and node is not None and not node.is_connected
        return f"{node.name} to connect" if waits and node else ""
    if not queued or thread.status != ThreadStatus.ACTIVE:
        return ""
    try:
        placement = await choose_place(db, thread)
    except ConflictError as error:
        return f"you: {error}"
    return placement.waits_for
