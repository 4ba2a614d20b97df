"""What an ack of the hub means for a node's stream, and when it is a lie."""

from openviber_protocol.events import Acked, DataGone, NodeEvent, Rewound
from openviber_protocol.node_cursors import SendQueue
from openviber_protocol.payloads import StreamAck


class ProtocolViolationError(Exception):
    """The hub said something that cannot be true: hang up, and delete nothing."""


def check_ack(queue: SendQueue, ack: StreamAck) -> None:
    """Refuse an ack of something that was never sent.

    Raises:
        ProtocolViolationError: It was not.
    """
    if ack.stream in queue and ack.next > (high := queue[ack.stream].high):
        raise ProtocolViolationError(
            f"{ack.stream} was acked up to {ack.next}, but nothing beyond {high} was ever sent"
        )


def apply_ack(queue: SendQueue, ack: StreamAck) -> list[NodeEvent]:
    """Move a stream's positions by one ack that passed `check_ack`.

    An ack that is behind the last one changes nothing, unless it asks for a resend.
    """
    if ack.stream not in queue:
        return []  # deleted after it was settled; the ack is a late copy
    cursor = queue[ack.stream]
    events: list[NodeEvent] = []
    if ack.next > cursor.acked:
        cursor.acked = ack.next
        cursor.sent = max(cursor.sent, ack.next)
        cursor.progressed()
        events.append(Acked(ack.stream, ack.next, settled=False))
    if ack.resend:
        events.extend(_go_back(queue, ack))
    elif ack.settled and not cursor.settled and ack.next == cursor.acked == cursor.available:
        cursor.settled = True
        events = [Acked(ack.stream, ack.next, settled=True)]
    queue.refresh(ack.stream)
    return events


def _go_back(queue: SendQueue, ack: StreamAck) -> list[NodeEvent]:
    cursor = queue[ack.stream]
    events: list[NodeEvent] = []
    start = max(ack.next, cursor.first)
    if start != ack.next:
        events.append(DataGone(ack.stream, ack.next, cursor.first))
    if start < cursor.acked:
        cursor.acked, cursor.settled = start, False
        events.append(Rewound(ack.stream, start))
    cursor.sent = start
    cursor.waiting_since = None
    return events
