"""How far the hub has received and committed each stream of one node."""

from dataclasses import dataclass, field

from openviber_protocol.payloads import StreamAck

MAX_STREAMS = 20_000
"""A node that names more streams in one connection is broken or hostile."""


@dataclass(slots=True)
class HubCursor:
    """`received` runs ahead of `committed` while a commit runs; only the latter is acked."""

    committed: int = 0
    received: int = 0
    settled: bool = False
    asked: bool = False
    """A resend was asked for, and nothing new has come since."""

    def offer(self, start: int, length: int) -> int | None:
        """Take positions `start` to `start + length`; say how many of the first are known already.

        Returns `None` when something before `start` is missing, and then takes nothing.
        """
        if start > self.received:
            return None
        known = min(self.received - start, length)
        if known < length:
            self.received = start + length
            self.asked = False
        return known


@dataclass(slots=True)
class HubCursors:
    """The cursors of one connection, and the acks that they owe the node."""

    cursors: dict[str, HubCursor] = field(default_factory=dict[str, HubCursor])
    owed: dict[str, bool] = field(default_factory=dict[str, bool])
    """Stream to whether its ack asks for a resend."""

    def load(self, ack: StreamAck) -> None:
        """Start a stream where the store says it was committed."""
        self.cursors[ack.stream] = HubCursor(ack.next, ack.next, ack.settled)

    def offer(self, stream: str, start: int, length: int) -> int | None:
        """As `HubCursor.offer`; a duplicate and a gap are answered with an ack.

        Raises:
            OverflowError: The node has opened more streams than any honest node does.
        """
        cursor = self.cursors.get(stream)
        if cursor is None:
            if len(self.cursors) >= MAX_STREAMS:
                raise OverflowError(f"more than {MAX_STREAMS} streams in one connection")
            cursor = self.cursors[stream] = HubCursor()
        known = cursor.offer(start, length)
        if known is None:
            if not cursor.asked:
                cursor.asked = True
                self.owe(stream, resend=True)
        elif known == length:
            self.owe(stream)
        return known

    def commit(self, stream: str, position: int, *, settled: bool) -> None:
        """Move the committed position forward.

        Raises:
            ValueError: The caller commits what was never received.
        """
        cursor = self.cursors.setdefault(stream, HubCursor())
        if position > cursor.received:
            raise ValueError(f"{stream} was received up to {cursor.received}, not up to {position}")
        cursor.committed = max(cursor.committed, position)
        cursor.settled = cursor.settled or settled
        self.owe(stream)

    def rollback(self) -> None:
        """Forget everything that was received and not committed; ask for it again."""
        for stream, cursor in self.cursors.items():
            if cursor.received > cursor.committed:
                cursor.received = cursor.committed
                self.owe(stream, resend=True)

    def rewind(self, stream: str, position: int) -> None:
        """Go back to `position`, behind what was committed; ask for the rest again."""
        self.cursors[stream] = HubCursor(position, position)
        self.owe(stream, resend=True)

    def owe(self, stream: str, *, resend: bool = False) -> None:
        """Remember to ack a stream; a wish for a resend is not lost to a plain ack."""
        self.owed[stream] = resend or self.owed.get(stream, False)

    def take_acks(self) -> tuple[StreamAck, ...]:
        """Write the acks that are owed, at the committed positions of this moment."""
        acks = tuple(
            StreamAck(
                stream=stream,
                next=self.cursors[stream].committed,
                settled=self.cursors[stream].settled,
                resend=resend,
            )
            for stream, resend in self.owed.items()
        )
        self.owed.clear()
        return acks
