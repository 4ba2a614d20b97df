"""The JSON of timelines: items, runs, pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openviber_app.api.log_payloads import LogSummary
from openviber_app.api.payload import Payload


class Item(Payload):
    """An entry. `position` is its place for good, `seq` the number of its last change.

    `sentBy` is the name of who sent a message, empty when that is the person who asks.
    """

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
    sent_by: str


class File(Payload):
    """A file that a run changed; counts are lines, -1 for a binary file."""

    path: str
    status: str
    old_path: str
    additions: int
    deletions: int


class RunBody(Payload):
    """A run. `provedAt` is when its node last told about it."""

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
    files: list[File]
    redacted: int
    log: LogSummary
    late_result: dict[str, Any]
    seq: int
    stop_requested_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    proved_at: datetime | None


class Timeline(Payload):
    """A page. `seq` is where to resume: ask for `after` it, or subscribe from it."""

    items: list[Item]
    runs: list[RunBody]
    seq: int
    more: bool
