"""Positions at the node: what may be sent, and whose turn it is."""

import pytest

from openviber_protocol.node_cursors import MAX_PATIENCE, SendQueue, Windows
from openviber_protocol.streams import CONTROL
from tests.support.peers import EVENTS, LOG


def make_queue(log_bytes: int = 100, records: int = 10) -> SendQueue:
    queue = SendQueue()
    queue.windows = Windows(log_bytes, records)
    return queue


def test_nothing_may_be_sent_before_the_windows_are_known() -> None:
    queue = SendQueue()
    queue.open(LOG, first=0, acked=2, available=9)
    assert queue.next_stream() is None
    assert queue.sendable(LOG) == (2, 2)
    queue.windows = Windows(4, 1)
    queue.refresh(LOG)
    assert queue.next_stream() == LOG
    assert queue.sendable(LOG) == (2, 6)


@pytest.mark.parametrize("positions", [(1, 0, 2), (0, 3, 2), (-1, 0, 0)])
def test_positions_must_be_in_order(positions: tuple[int, int, int]) -> None:
    first, acked, available = positions
    with pytest.raises(ValueError, match="does not hold"):
        make_queue().open(LOG, first=first, acked=acked, available=available)


def test_a_stream_is_opened_once_and_never_shrinks() -> None:
    queue = make_queue()
    queue.open(LOG, first=0, acked=0, available=5)
    with pytest.raises(ValueError, match="open already"):
        queue.open(LOG, first=0, acked=0, available=5)
    with pytest.raises(ValueError, match="cannot shrink from 5 to 4"):
        queue.extend(LOG, 4)


def test_streams_of_a_lane_take_turns_and_lanes_go_in_order() -> None:
    queue = make_queue()
    names = [LOG, f"log/{'1' * 36}", EVENTS, f"events/{'1' * 36}", CONTROL]
    for name in names:
        queue.open(name, first=0, acked=0, available=2)
    order: list[str] = []
    while stream := queue.next_stream():
        order.append(stream)
        queue.sent(stream, 1)
    lanes = [[CONTROL], names[2:4], names[:2]]
    assert order == [name for lane in lanes for name in lane * 2]


def test_a_closed_stream_has_no_turn() -> None:
    queue = make_queue()
    queue.open(LOG, first=0, acked=0, available=2)
    queue.close(LOG)
    queue.close(LOG)
    assert queue.next_stream() is None
    assert LOG not in queue


def test_nothing_and_too_much_cannot_be_sent() -> None:
    queue = make_queue()
    queue.open(LOG, first=0, acked=0, available=2)
    for count in (0, 3, -1):
        with pytest.raises(ValueError, match="is the limit"):
            queue.sent(LOG, count)


def test_patience_doubles_up_to_its_limit() -> None:
    queue = make_queue()
    queue.open(LOG, first=0, acked=0, available=2)
    now, waited = 0.0, list[float]()
    for _ in range(6):
        queue.sent(LOG, 2)
        assert queue.overdue(now, 1.0) == []
        since = now
        while not queue.overdue(now, 1.0):
            now += 1.0
        waited.append(now - since)
    assert waited == [1, 2, 4, MAX_PATIENCE, MAX_PATIENCE, MAX_PATIENCE]


def test_what_is_all_acked_is_never_overdue() -> None:
    queue = make_queue()
    queue.open(LOG, first=0, acked=2, available=2)
    assert queue.overdue(0.0, 1.0) == queue.overdue(99.0, 1.0) == []
