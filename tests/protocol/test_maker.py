"""New frames: an id and a time from outside, the rest as given."""

from itertools import count
from uuid import UUID

import pytest
from pydantic import ValidationError

from openviber_protocol.frames import EnvironmentSync, HubAck, SyncPayload
from openviber_protocol.hub_payloads import HubAckPayload
from openviber_protocol.maker import FrameMaker
from tests.support.peers import COMMAND_ID, NOON

NUMBERS = count(1)
MAKER = FrameMaker(new_id=lambda: UUID(int=next(NUMBERS)), now=lambda: NOON)
SYNC = SyncPayload(version="c1", bindings=())


def test_every_frame_gets_its_own_id_and_the_time_of_its_making() -> None:
    first, second = MAKER.make(EnvironmentSync, SYNC), MAKER.make(EnvironmentSync, SYNC)
    assert first.id != second.id
    assert first.ts == second.ts == NOON
    assert (first.v, first.type, first.payload) == (1, "environment:sync", SYNC)


def test_the_envelope_is_as_given() -> None:
    frame = MAKER.make(EnvironmentSync, SYNC, command_id=COMMAND_ID, attempt=2, epoch=3)
    assert (frame.command_id, frame.attempt, frame.epoch) == (COMMAND_ID, 2, 3)
    assert (frame.stream, frame.seq) == (None, None)


def test_a_payload_of_another_frame_is_refused() -> None:
    with pytest.raises(ValidationError):
        MAKER.make(EnvironmentSync, HubAckPayload(acks=()))
    with pytest.raises(ValidationError):
        MAKER.make(HubAck, HubAckPayload(acks=()), stream="log/7", seq=-1)
