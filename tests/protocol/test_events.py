"""What peers say to the programs around them."""

import dataclasses
from typing import get_args

import pytest

from openviber_protocol.closing import CloseReason
from openviber_protocol.events import Close, HubEvent, NodeEvent, StoreLog
from tests.support.peers import EXECUTION, LOG


@pytest.mark.parametrize(
    "kind",
    dict.fromkeys([*get_args(HubEvent), *get_args(NodeEvent)]),  # a set has another order each time
    ids=lambda kind: kind.__name__,
)
def test_an_event_cannot_be_changed(kind: type[object]) -> None:
    assert dataclasses.is_dataclass(kind)
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
        setattr(object.__new__(kind), dataclasses.fields(kind)[0].name, 1)


def test_a_close_knows_its_code_and_fits_into_a_close_frame() -> None:
    close = Close(CloseReason.UPGRADE, "x" * 500)
    assert close.code == 4426
    assert len(close.text) == 123


def test_bytes_end_where_the_next_ones_begin() -> None:
    assert StoreLog(LOG, 10, EXECUTION, b"abc").next == 13
