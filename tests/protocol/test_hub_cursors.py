"""Positions at the hub: received, committed, acked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_protocol.hub_cursors import HubCursor, HubCursors
from openviber_protocol.payloads import StreamAck
from tests.support.peers import LOG


@pytest.mark.parametrize(
    ("start", "length", "known", "received"),
    [
        (5, 3, 0, 8),
        (3, 3, 1 + 1, 6),
        (0, 5, 5, 5),
        (0, 2, 2, 5),
        (6, 1, None, 5),
        (5, 0, 0, 5),
        (4, 0, 0, 5),
    ],
)
def test_an_offer_is_new_or_known_or_too_far(
    start: int, length: int, known: int | None, received: int
) -> None:
    cursor = HubCursor(committed=2, received=5)
    assert cursor.offer(start, length) == known
    assert (cursor.received, cursor.committed) == (received, 2)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=40))
def test_any_offers_join_to_the_start_of_the_source(offers: list[tuple[int, int]]) -> None:
    source, kept = bytes(range(50)), b""
    cursor = HubCursor()
    for start, length in offers:
        known = cursor.offer(start, length)
        if known is not None:
            kept += source[start + known : start + length]
    assert kept == source[: cursor.received]


def test_a_wish_for_a_resend_is_not_lost_to_a_plain_ack() -> None:
    cursors = HubCursors()
    cursors.offer(LOG, 0, 5)
    cursors.offer(LOG, 9, 1)
    cursors.commit(LOG, 5, settled=False)
    assert cursors.take_acks() == (StreamAck(stream=LOG, next=5, resend=True),)
    assert cursors.take_acks() == ()


def test_a_commit_never_goes_back() -> None:
    cursors = HubCursors()
    cursors.offer(LOG, 0, 5)
    cursors.commit(LOG, 5, settled=True)
    cursors.commit(LOG, 3, settled=False)
    assert cursors.take_acks() == (StreamAck(stream=LOG, next=5, settled=True),)
