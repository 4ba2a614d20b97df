"""What a node may send next: the positions of each stream, under the hub's windows."""

from collections import OrderedDict
from dataclasses import dataclass

from openviber_protocol.streams import CONTROL, is_log

MAX_PATIENCE = 8
"""Resends of a stream slow down to this many times the first delay."""


@dataclass(slots=True)
class SendCursor:
    """`first <= acked <= sent <= available`, all positions of one stream.

    `high` is the furthest position that the hub can know of: an ack beyond it is a lie.
    """

    first: int
    acked: int
    available: int
    sent: int
    high: int
    settled: bool = False
    waiting_since: float | None = None
    patience: int = 1

    def progressed(self) -> None:
        """The hub moved on: the next silence is judged from the start."""
        self.waiting_since, self.patience = None, 1


@dataclass(frozen=True, slots=True)
class Windows:
    """How much may be sent and not yet acked, for each stream by itself."""

    log_bytes: int
    records: int

    def of(self, stream: str) -> int:
        return self.log_bytes if is_log(stream) else self.records


@dataclass(frozen=True, slots=True)
class SendSlot:
    """May be sent now: `budget` records, or bytes of a log (never more than one frame holds)."""

    stream: str
    start: int
    budget: int


class SendQueue:
    """All streams of a connection, with those that have something to send in three lanes."""

    def __init__(self) -> None:
        self.windows: Windows | None = None
        """`None` before the welcome: then nothing may be sent."""
        self._cursors: dict[str, SendCursor] = {}
        self._lanes: tuple[OrderedDict[str, None], ...] = (
            OrderedDict(),
            OrderedDict(),
            OrderedDict(),
        )

    def __contains__(self, stream: str) -> bool:
        return stream in self._cursors

    def __getitem__(self, stream: str) -> SendCursor:
        return self._cursors[stream]

    def items(self) -> list[tuple[str, SendCursor]]:
        return list(self._cursors.items())

    def open(self, stream: str, *, first: int, acked: int, available: int) -> None:
        """Add a stream.

        Raises:
            ValueError: The positions are out of order, or the stream is open already.
        """
        if stream in self._cursors:
            raise ValueError(f"{stream} is open already")
        if not 0 <= first <= acked <= available:
            raise ValueError(f"{stream}: {first} <= {acked} <= {available} does not hold")
        self._cursors[stream] = SendCursor(first, acked, available, sent=acked, high=acked)
        self.refresh(stream)

    def extend(self, stream: str, available: int) -> None:
        """Move a stream's end.

        Raises:
            ValueError: The end would move back.
        """
        cursor = self._cursors[stream]
        if available < cursor.available:
            raise ValueError(f"{stream} cannot shrink from {cursor.available} to {available}")
        cursor.available = available
        self.refresh(stream)

    def close(self, stream: str) -> None:
        """Forget a stream."""
        self._cursors.pop(stream, None)
        self._lane(stream).pop(stream, None)

    def sendable(self, stream: str) -> tuple[int, int]:
        """Return the range of positions that may be sent now."""
        cursor = self._cursors[stream]
        if self.windows is None:
            return cursor.sent, cursor.sent
        limit = min(cursor.available, cursor.acked + self.windows.of(stream))
        return cursor.sent, max(limit, cursor.sent)

    def next_stream(self) -> str | None:
        """Name the stream whose turn it is: control before records before logs."""
        for lane in self._lanes:
            if lane:
                return next(iter(lane))
        return None

    def sent(self, stream: str, count: int) -> None:
        """Move a stream behind what was sent, and to the end of its lane.

        Raises:
            ValueError: More was sent than the window or the stream allows.
        """
        start, limit = self.sendable(stream)
        if not 0 < count <= limit - start:
            raise ValueError(f"{stream}: {count} sent from {start}, but {limit} is the limit")
        cursor = self._cursors[stream]
        cursor.sent = start + count
        cursor.high = max(cursor.high, cursor.sent)
        self._lane(stream).pop(stream, None)
        self.refresh(stream)

    def refresh(self, stream: str) -> None:
        """Put a stream into its lane, or take it out, after its positions changed."""
        start, limit = self.sendable(stream)
        lane = self._lane(stream)
        if limit > start:
            lane.setdefault(stream)
        else:
            lane.pop(stream, None)

    def overdue(self, now: float, after: float) -> list[str]:
        """Rewind what waited too long for an ack, each time more patiently; name the streams."""
        late: list[str] = []
        for stream, cursor in self._cursors.items():
            if cursor.sent <= cursor.acked:
                cursor.waiting_since = None
            elif cursor.waiting_since is None:
                cursor.waiting_since = now
            elif now - cursor.waiting_since >= after * cursor.patience:
                cursor.sent, cursor.waiting_since = cursor.acked, None
                cursor.patience = min(cursor.patience * 2, MAX_PATIENCE)
                self.refresh(stream)
                late.append(stream)
        return late

    def _lane(self, stream: str) -> OrderedDict[str, None]:
        if stream == CONTROL:
            return self._lanes[0]
        return self._lanes[2 if is_log(stream) else 1]
