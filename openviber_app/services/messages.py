"""What people say in a thread, in the order in which they said it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError, Problem
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.sharing import Right
from openviber_app.domain.statuses import MessageStatus, ThreadStatus, advance
from openviber_app.services import timeline
from openviber_app.services.access import require_right, tell_watchers
from openviber_app.services.dispatch import choose_place, start_next
from openviber_app.services.runtime import Runtime
from openviber_app.store import runs, threads
from openviber_app.store.tables import Message, Thread, TimelineItem

MAX_TEXT_BYTES = 64 * 1024
MAX_KEY = 200
MAX_TITLE = 120
TITLE_FROM_TEXT = 80


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message. It is `queued` until it became a run or was withdrawn."""

    id: UUID
    thread_id: UUID
    text: str
    executor: str
    status: str
    run_id: UUID | None
    created_at: datetime


def message_view(message: Message) -> MessageView:
    """Return a message as it is shown."""
    return MessageView(
        id=message.id,
        thread_id=message.thread_id,
        text=message.text,
        executor=message.executor,
        status=message.status,
        run_id=message.run_id,
        created_at=message.created_at,
    )


def title_from(text: str) -> str:
    """Return the first line that says something, shortened."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#!")), "")
    if len(first) <= TITLE_FROM_TEXT:
        return first
    return first[: TITLE_FROM_TEXT - 1].rstrip() + "…"


def _check(text: str, idempotency_key: str | None) -> None:
    problems: list[Problem] = []
    if not text.strip():
        problems.append(Problem("/text", "say what to run; the message is empty"))
    if "\0" in text:
        problems.append(Problem("/text", "a script cannot contain a NUL character"))
    if (size := len(text.encode())) > MAX_TEXT_BYTES:
        problems.append(
            Problem("/text", f"{size} bytes are too many; a message holds {MAX_TEXT_BYTES}")
        )
    if idempotency_key is not None and not 0 < len(idempotency_key) <= MAX_KEY:
        problems.append(
            Problem("#header/Idempotency-Key", f"use between 1 and {MAX_KEY} characters")
        )
    if problems:
        raise InvalidInputError(problems)


async def submit(
    runtime: Runtime,
    actor: Actor,
    *,
    thread_id: UUID,
    text: str,
    executor: str = "shell",
    idempotency_key: str | None = None,
) -> tuple[MessageView, bool]:
    """Say something: it becomes a run now, or in its turn. The bool tells that it is new.

    Raises:
        ConflictError: the thread is archived, no node can be chosen, or the key was used for
            something else.
        ForbiddenError: they may only look.
        InvalidInputError: the text cannot be taken.
        NotFoundError: no such thread that this person may see.
    """
    _check(text, idempotency_key)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        thread = await threads.find_thread(
            db, thread_id=thread_id, user_id=actor.user_id, lock=True
        )
        if thread is None:
            raise NotFoundError("thread")
        await require_right(
            db, actor, environment_id=thread.environment_id, right=Right.RUN, noun="thread"
        )
        if idempotency_key is not None:
            earlier = await threads.find_message_by_key(
                db, thread_id=thread_id, idempotency_key=idempotency_key
            )
            if earlier is not None:
                return _same(earlier, text=text, executor=executor), False
        await _require_open(db, thread)
        message = Message(
            id=new_id(),
            thread_id=thread.id,
            sent_by=actor.user_id,
            text=text,
            executor=executor,
            status=MessageStatus.QUEUED,
            idempotency_key=idempotency_key,
            created_at=now,
        )
        moved = await _add(db, thread=thread, message=message)
        moved += await start_next(db, thread=thread, now=now)
    runtime.announce(moved)
    return message_view(message), True


async def _require_open(db: AsyncSession, thread: Thread) -> None:
    if thread.status == ThreadStatus.ARCHIVED:
        raise ConflictError("this thread is archived; restore it to go on")
    if not await runs.find_active_run(db, thread_id=thread.id):
        await choose_place(db, thread)


async def _add(db: AsyncSession, *, thread: Thread, message: Message) -> list[Advance]:
    now = message.created_at
    thread.title = thread.title or title_from(message.text)
    thread.last_message_at = thread.updated_at = now
    db.add(message)
    item = TimelineItem(
        id=message.id,  # the entry of a message is found by the message's own id
        thread_id=thread.id,
        position=0,
        seq=0,
        kind="user_message",
        status="pending",
        text=message.text,
        fields={"messageId": str(message.id), "executor": message.executor},
        created_at=now,
        updated_at=now,
    )
    advance = await timeline.changed(db, item)
    item.position = item.seq
    db.add(item)
    await db.flush()
    return [advance, *await tell_watchers(db, thread.environment_id)]


async def withdraw(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, message_id: UUID
) -> MessageView:
    """Take a queued message back; it stays in the timeline as withdrawn. A second time is nothing.

    Raises:
        ConflictError: it has become a run.
        NotFoundError: no such message of this person in the thread.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        thread = await threads.find_thread(
            db, thread_id=thread_id, user_id=actor.user_id, lock=True
        )
        message = await db.get(Message, message_id) if thread else None
        if thread is None or message is None or message.thread_id != thread.id:
            raise NotFoundError("message")
        await require_right(
            db, actor, environment_id=thread.environment_id, right=Right.RUN, noun="message"
        )
        if message.status == MessageStatus.SENT:
            raise ConflictError("this message has become a run; stop the run instead")
        moved: list[Advance] = []
        if message.status == MessageStatus.QUEUED:
            message.status = advance(MessageStatus(message.status), MessageStatus.WITHDRAWN)
            item = await db.get_one(TimelineItem, message.id)
            item.status, item.updated_at = "completed", now
            item.fields = {**item.fields, "withdrawn": True}
            moved = [
                await timeline.changed(db, item),
                *await tell_watchers(db, thread.environment_id),
            ]
    runtime.announce(moved)
    return message_view(message)


def _same(earlier: Message, *, text: str, executor: str) -> MessageView:
    if (earlier.text, earlier.executor) != (text, executor):
        raise ConflictError("this Idempotency-Key was used for another message; take a new one")
    return message_view(earlier)


async def list_messages(
    runtime: Runtime, actor: Actor, *, thread_id: UUID, before: UUID | None = None, limit: int
) -> tuple[list[MessageView], bool]:
    """Return a thread's last messages, or the last before one, and whether there are older ones.

    Raises:
        NotFoundError: no such thread that this person may see.
    """
    async with runtime.store.read() as db:
        if await threads.find_thread(db, thread_id=thread_id, user_id=actor.user_id) is None:
            raise NotFoundError("thread")
        found, more = await threads.list_messages(
            db, thread_id=thread_id, before=before, limit=limit
        )
    return [message_view(message) for message in found], more
