"""Threads: making them, finding them, and putting them away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.branches import branch_name
from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError, Problem
from openviber_app.domain.ids import id_of, new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.sharing import Right
from openviber_app.domain.statuses import ThreadStatus, advance
from openviber_app.domain.text import is_storable
from openviber_app.services.access import require_right, tell_watchers, user_topic
from openviber_app.services.dispatch import start_next
from openviber_app.services.messages import MAX_TITLE
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_views import ThreadView, view_one, view_page
from openviber_app.store import bindings, marks, nodes, runs, threads
from openviber_app.store.commands import add_command
from openviber_app.store.tables import Binding, Thread
from openviber_app.store.threads import ThreadQuery


@dataclass(frozen=True, slots=True)
class ThreadChange:
    """What to change; None leaves a field as it is."""

    title: str | None = None
    status: ThreadStatus | None = None
    node_id: UUID | None = None
    is_pinned: bool | None = None
    is_unread: bool | None = None

    @property
    def is_of_marks(self) -> bool:
        """Whether nothing of the thread itself changes."""
        return self.title is None and self.status is None and self.node_id is None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Threads, newest activity first, and the last one's place when there are more."""

    threads: list[ThreadView]
    last: tuple[datetime, UUID] | None


def _check_title(title: str) -> str:
    title = " ".join(title.split())
    if not is_storable(title):
        message = "a title cannot contain a NUL character or half a character"
        raise InvalidInputError([Problem("/title", message)])
    if len(title) > MAX_TITLE:
        raise InvalidInputError([Problem("/title", f"a title has at most {MAX_TITLE} characters")])
    return title


async def create_thread(
    runtime: Runtime,
    actor: Actor,
    *,
    environment_id: UUID,
    title: str = "",
    node_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> ThreadView:
    """Start a thread in an environment; without a title it takes its first message's first line.

    The same key makes the same thread, however often it is asked for.

    Raises:
        ForbiddenError: they may only look.
        ConflictError: the environment is not mapped to the chosen node, or the key was used in
            another environment.
        InvalidInputError: the title is too long.
        NotFoundError: no such environment or node that this person may see.
    """
    title = _check_title(title)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.RUN)
        thread_id = id_of(actor.user_id, idempotency_key) if idempotency_key else new_id()
        earlier = await threads.find_thread(db, thread_id=thread_id, user_id=actor.user_id)
        if earlier is not None:
            if earlier.environment_id != environment_id:
                raise ConflictError("this Idempotency-Key was used for another thread")
            return await view_one(db, earlier, viewer=actor.user_id, now=now)
        if node_id is not None:
            await _require_mapped(db, actor, environment_id=environment_id, node_id=node_id)
        thread = Thread(
            id=thread_id,
            user_id=actor.user_id,
            environment_id=environment_id,
            title=title,
            active_node_id=node_id,
            status=ThreadStatus.ACTIVE,
            last_message_at=now,
            created_at=now,
            updated_at=now,
        )
        thread.branch = branch_name(title, thread.id) if title else ""
        db.add(thread)
        await db.flush()
        view = await view_one(db, thread, viewer=actor.user_id, now=now)
        moved = await tell_watchers(db, environment_id)
    runtime.announce(moved)
    return view


async def _require_mapped(
    db: AsyncSession, actor: Actor, *, environment_id: UUID, node_id: UUID
) -> Binding:
    """Return the binding there; a node of somebody else is known by the binding only."""
    binding = await bindings.find_mapping_between(
        db, environment_id=environment_id, node_id=node_id
    )
    if binding is not None:
        return binding
    node = await nodes.find_node(db, user_id=actor.user_id, node_id=node_id)
    if node is None:
        raise NotFoundError("node")
    raise ConflictError(f"this environment is not mapped to {node.name}; map it there first")


async def get_thread(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, utc_offset_minutes: int = 0
) -> ThreadView:
    """Return a thread.

    Raises:
        NotFoundError: no such thread that this person may see.
    """
    async with runtime.store.read() as db:
        thread = await _get(db, actor, thread_id)
        return await view_one(
            db,
            thread,
            viewer=actor.user_id,
            now=runtime.clock.now(),
            utc_offset_minutes=utc_offset_minutes,
        )


async def list_threads(
    runtime: Runtime, query: ThreadQuery, *, utc_offset_minutes: int = 0
) -> ThreadPage:
    """Return a page of the threads a person may see; an environment they may not see has none."""
    async with runtime.store.read() as db:
        found, more = await threads.list_threads(db, query)
        views = await view_page(
            db,
            found,
            viewer=query.user_id,
            now=runtime.clock.now(),
            utc_offset_minutes=utc_offset_minutes,
        )
    last = (found[-1].last_message_at, found[-1].id) if more else None
    return ThreadPage(views, last)


async def change_thread(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, change: ThreadChange
) -> ThreadView:
    """Rename, pause, resume, archive, restore, move, pin a thread, or mark it as unread.

    A paused thread keeps its queue and starts nothing. An archived one gives its workspace back;
    the node keeps the work under a hidden ref. A moved one starts on the other node from the
    repository: what was not pushed stays on the first.

    Raises:
        ConflictError: the status cannot follow, or a run is going on.
        InvalidInputError: the title is too long or empty.
        NotFoundError: no such thread (or node) that this person may see.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        thread = await _get(db, actor, thread_id, lock=True)
        moved = [Advance(user_topic(actor.user_id))]
        if not change.is_of_marks:
            await require_right(
                db, actor, environment_id=thread.environment_id, right=Right.RUN, noun="thread"
            )
            moved = await tell_watchers(db, thread.environment_id)
        if not await _mark(db, actor, thread, change=change, now=now) and change.is_of_marks:
            return await view_one(
                db, thread, viewer=actor.user_id, now=now
            )  # nothing to tell anybody
        if change.title is not None:
            thread.title = _check_title(change.title)
            if not thread.title:
                raise InvalidInputError([Problem("/title", "a title cannot be empty")])
        if change.node_id is not None and change.node_id != thread.active_node_id:
            moved += await _move(db, actor, thread, node_id=change.node_id, now=now)
        if change.status is not None and change.status != thread.status:
            moved += await _set_status(db, thread, change.status, now=now)
        if not change.is_of_marks:
            thread.updated_at = now
            await db.flush()
            moved += await start_next(db, thread=thread, now=now)
        await db.flush()
        await db.refresh(thread, ["timeline_seq"])  # counted by the database, not by the row here
        view = await view_one(db, thread, viewer=actor.user_id, now=now)
    runtime.announce(moved)
    return view


async def _mark(
    db: AsyncSession, actor: Actor, thread: Thread, *, change: ThreadChange, now: datetime
) -> bool:
    """Note what a person thinks of a thread; False when they thought so before."""
    if change.is_pinned is None and change.is_unread is None:
        return False
    before = await view_one(db, thread, viewer=actor.user_id, now=now)
    mark = await marks.take_thread_mark(db, user_id=actor.user_id, thread=thread)
    if change.is_pinned is not None:
        mark.is_pinned = change.is_pinned
    if change.is_unread is not None and change.is_unread != before.is_unread:
        mark.read_at = None if change.is_unread else now
    await db.flush()
    after = await view_one(db, thread, viewer=actor.user_id, now=now)
    return (before.is_pinned, before.is_unread) != (after.is_pinned, after.is_unread)


async def _set_status(
    db: AsyncSession, thread: Thread, status: ThreadStatus, *, now: datetime
) -> list[Advance]:
    thread.status = advance(ThreadStatus(thread.status), status)
    if status is not ThreadStatus.ARCHIVED:
        return []
    await _require_idle(db, thread, wish="archive the thread")
    return await _give_back(db, thread, now=now)


async def _move(
    db: AsyncSession, actor: Actor, thread: Thread, *, node_id: UUID, now: datetime
) -> list[Advance]:
    binding = await _require_mapped(
        db, actor, environment_id=thread.environment_id, node_id=node_id
    )
    await _require_idle(db, thread, wish="move the thread")
    moved = [] if thread.binding_id == binding.id else await _give_back(db, thread, now=now)
    thread.active_node_id = node_id
    return moved


async def _require_idle(db: AsyncSession, thread: Thread, *, wish: str) -> None:
    if await runs.find_active_run(db, thread_id=thread.id):
        raise ConflictError(f"a run is going on; stop it first, then {wish}")


async def _give_back(db: AsyncSession, thread: Thread, *, now: datetime) -> list[Advance]:
    """Ask the node to keep the thread's work and free its workspace."""
    binding = await db.get(Binding, thread.binding_id) if thread.binding_id else None
    thread.binding_id = None
    if binding is None:
        return []
    # the kept work is on this node: restored, the thread goes on there
    thread.active_node_id = binding.node_id
    add_command(
        db,
        command_id=new_id(),
        node_id=binding.node_id,
        type="thread:archive",
        attempt=1,
        payload={
            "thread_id": str(thread.id),
            "environment_id": str(thread.environment_id),
            "binding_id": str(binding.id),
        },
        now=now,
    )
    return [Advance(f"outbox:{binding.node_id}")]


async def _get(db: AsyncSession, actor: Actor, thread_id: UUID, *, lock: bool = False) -> Thread:
    thread = await threads.find_thread(db, thread_id=thread_id, user_id=actor.user_id, lock=lock)
    if thread is None:
        raise NotFoundError("thread")
    return thread
