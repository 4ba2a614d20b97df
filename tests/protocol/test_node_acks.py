"""Acks as a node reads them."""

import pytest

from openviber_protocol.events import Acked, DataGone, Rewound
from openviber_protocol.node_acks import ProtocolViolationError, apply_ack, check_ack
from openviber_protocol.node_cursors import SendQueue, Windows
from openviber_protocol.payloads import StreamAck
from tests.support.peers import EVENTS, LOG


def make_queue(*, first: int = 0, acked: int = 2, sent: int = 6, available: int = 9) -> SendQueue:
    queue = SendQueue()
    queue.windows = Windows(100, 100)
    queue.open(LOG, first=first, acked=acked, available=available)
    if sent > acked:
        queue.sent(LOG, sent - acked)
    return queue


@pytest.mark.parametrize("position", [0, 2, 6])
def test_an_ack_within_what_was_sent_may_be_true(position: int) -> None:
    check_ack(make_queue(), StreamAck(stream=LOG, next=position))


def test_an_ack_of_more_is_a_lie_even_when_the_data_is_there() -> None:
    with pytest.raises(ProtocolViolationError, match="up to 7, but nothing beyond 6"):
        check_ack(make_queue(), StreamAck(stream=LOG, next=7))


def test_an_ack_of_a_stream_that_is_gone_says_nothing() -> None:
    ack = StreamAck(stream=EVENTS, next=7, settled=True)
    check_ack(make_queue(), ack)
    assert apply_ack(make_queue(), ack) == []


def test_an_ack_after_a_rewind_may_be_ahead_of_what_was_sent_again() -> None:
    queue = make_queue()
    apply_ack(queue, StreamAck(stream=LOG, next=2, resend=True))
    assert queue.sendable(LOG)[0] == 2
    assert apply_ack(queue, StreamAck(stream=LOG, next=5)) == [Acked(LOG, 5, settled=False)]
    assert queue.sendable(LOG)[0] == 5


def test_a_resend_keeps_to_what_is_still_there() -> None:
    queue = make_queue(first=2)
    assert apply_ack(queue, StreamAck(stream=LOG, next=1, resend=True)) == [DataGone(LOG, 1, 2)]
    assert queue.sendable(LOG)[0] == 2


def test_a_resend_behind_the_last_ack_takes_it_back() -> None:
    queue = make_queue()
    assert apply_ack(queue, StreamAck(stream=LOG, next=1, resend=True)) == [Rewound(LOG, 1)]
    assert (queue[LOG].acked, queue[LOG].high) == (1, 6)


def test_settling_needs_the_very_end() -> None:
    queue = make_queue(acked=2, sent=9)
    early = StreamAck(stream=LOG, next=5, settled=True)
    assert apply_ack(queue, early) == [Acked(LOG, 5, settled=False)]
    end = StreamAck(stream=LOG, next=9, settled=True)
    assert apply_ack(queue, end) == [Acked(LOG, 9, settled=True)]
    assert apply_ack(queue, end) == []


def test_an_empty_stream_can_be_settled() -> None:
    queue = make_queue(acked=0, sent=0, available=0)
    done = StreamAck(stream=LOG, next=0, settled=True)
    assert apply_ack(queue, done) == [Acked(LOG, 0, settled=True)]
