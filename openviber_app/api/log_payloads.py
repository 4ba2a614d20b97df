"""The JSON that sums up a log."""

from openviber_app.api.payload import Payload


class LogSummary(Payload):
    """What the log was, told by the process that wrote it; `complete` once the board has it all."""

    bytes: int | None
    lines: int | None
    sha256: str
    truncated_bytes: int
    complete: bool
