"""The JSON of threads with their messages."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from openviber_app.api.payload import Payload
from openviber_app.api.timeline_payloads import File, RunBody
from openviber_app.domain.grouping import ThreadGroup
from openviber_app.domain.statuses import ThreadStatus


class ThreadCreate(Payload):
    """A new thread. Without a title it takes the first line of its first message."""

    environment_id: UUID
    title: str = ""
    node_id: UUID | None = None


class ThreadPatch(Payload):
    """What to change; a field left out stays as it is."""

    title: str | None = None
    status: ThreadStatus | None = None
    node_id: UUID | None = None
    is_pinned: StrictBool | None = None
    is_unread: StrictBool | None = None


class LastRunBody(Payload):
    """The run that a thread did last, or does now."""

    id: UUID
    status: str
    reason: str
    exit_code: int | None
    duration_ms: int | None
    started_at: datetime | None
    ended_at: datetime | None
    additions: int
    deletions: int


class ThreadBody(Payload):
    """A thread. `waitsFor` says in words what keeps its next message from running.

    `startedBy` is a name, and empty when it was you.
    """

    id: UUID
    environment_id: UUID
    title: str
    status: ThreadStatus
    group: ThreadGroup
    branch: str
    working_dir: str
    base_commit: str
    node_id: UUID | None
    node_name: str
    node_connected: bool | None
    binding_id: UUID | None
    last_run: LastRunBody | None
    queued_messages: int
    waits_for: str
    timeline_seq: int
    last_message_at: datetime
    created_at: datetime
    updated_at: datetime
    is_pinned: bool
    is_unread: bool
    started_by: str
    can_run: bool


class RowRunBody(Payload):
    """The run that a thread did last, or does now; `additions` and `deletions` are lines."""

    id: UUID
    status: str
    exit_code: int | None
    additions: int
    deletions: int


class FoundBody(Payload):
    """Where the words stand: in the title, or in a text of which the snippet is a line.

    Both are cut into pieces, of which every second one is a match.
    """

    title: list[str]
    snippet: list[str]


class ThreadRow(Payload):
    """A thread in a list; `GET /api/threads/{id}` tells the rest. `found` only after a search."""

    id: UUID
    environment_id: UUID
    title: str
    status: ThreadStatus
    group: ThreadGroup
    node_id: UUID | None
    node_name: str
    node_connected: bool | None
    last_run: RowRunBody | None
    queued_messages: int
    waits_for: str
    last_message_at: datetime
    is_pinned: bool
    is_unread: bool
    started_by: str
    can_run: bool
    found: FoundBody | None = None


class CountsBody(Payload):
    """How many threads stand under each heading."""

    pinned: int
    today: int
    last_7_days: int
    older: int
    archived: int


class ThreadList(Payload):
    """A page, newest activity first. `next` is the `before` of the next one, null at the end.

    `counts` comes with a section.
    """

    threads: list[ThreadRow]
    next: str | None
    counts: CountsBody | None = None


class MessageCreate(Payload):
    """Something to do: with the shell executor, a script."""

    text: Annotated[str, Field(max_length=256 * 1024)]
    executor: Literal["shell"] = "shell"


class MessageBody(Payload):
    """A message. It is `queued` until it became a run or was withdrawn."""

    id: UUID
    thread_id: UUID
    text: str
    executor: str
    status: Literal["queued", "sent", "withdrawn"]
    run_id: UUID | None
    created_at: datetime


class MessageList(Payload):
    """The last messages in order, or the last before one."""

    messages: list[MessageBody]
    more: bool


class Stopped(Payload):
    """The run that is being stopped; null when the thread did nothing."""

    run: RunBody | None
    thread: ThreadBody


class ChangedBy(Payload):
    """A run that changed files; `text` is the first line of its message."""

    run_id: UUID
    status: str
    text: str
    ended_at: datetime
    files: list[File]


class ThreadChanges(Payload):
    """`files` holds each path once, with the lines of all the runs that are listed."""

    files: list[File]
    runs: list[ChangedBy]
    more: bool
