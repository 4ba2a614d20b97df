"""When a thread has something that its reader has not seen."""

from datetime import datetime


def is_unread(*, is_marked: bool, read_at: datetime | None, ended_at: datetime | None) -> bool:
    """Whether a run ended since the thread was opened last, or it was marked so by hand."""
    if not is_marked:
        return ended_at is not None
    return read_at is None or (ended_at is not None and ended_at > read_at)
