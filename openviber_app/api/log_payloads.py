"""The JSON that sums up a log."""

from datetime import datetime

from openviber_app.api.payload import Payload


class LogSummary(Payload):
    """What the log was, told by the process that wrote it; `complete` once the board had it all.

    With `removedAt` it had to make room for newer ones: what is left of it says so.
    """

    bytes: int | None
    lines: int | None
    sha256: str
    truncated_bytes: int
    complete: bool
    removed_at: datetime | None = None
