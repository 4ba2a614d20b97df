"""The envelope, and the base class of everything in it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from openviber_protocol.frame import (
    MAX_FRAME_BYTES,
    MAX_LOG_BYTES,
    Frame,
    Position,
    StreamName,
    Wire,
)
from openviber_protocol.payloads import StreamAck
from tests.support.peers import COMMAND_ID, LOG, NOON

STREAM: TypeAdapter[str] = TypeAdapter(StreamName)
POSITION: TypeAdapter[int] = TypeAdapter(Position)


def test_names_are_camel_case_on_the_wire_and_snake_case_here() -> None:
    frame = Frame(id=COMMAND_ID, ts=NOON, command_id=COMMAND_ID, attempt=1)
    assert '"commandId"' in frame.model_dump_json()
    assert Frame.model_validate_json(frame.model_dump_json()) == frame


def test_a_wire_value_is_closed_and_frozen() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        StreamAck.model_validate({"stream": LOG, "next": 1, "more": 2})
    with pytest.raises(ValidationError, match="frozen"):
        StreamAck(stream=LOG, next=1).next = 2
    assert issubclass(StreamAck, Wire)


@pytest.mark.parametrize("name", ["control", LOG, LOG.replace("log", "events")])
def test_a_stream_has_one_of_three_names(name: str) -> None:
    assert STREAM.validate_python(name) == name


@pytest.mark.parametrize(
    "name", ["", "Control", "log/", "log/1", LOG + "0", LOG.upper(), "logs/" + LOG[4:], LOG + "\n"]
)
def test_no_other_name_is_a_stream(name: str) -> None:
    with pytest.raises(ValidationError):
        STREAM.validate_python(name)


def test_a_position_is_a_count_that_every_language_can_hold() -> None:
    assert POSITION.validate_python(2**53) == 2**53
    for value in (-1, 2**53 + 1):
        with pytest.raises(ValidationError):
            POSITION.validate_python(value)


def test_a_piece_of_log_in_base64_fits_into_a_frame_with_room_to_spare() -> None:
    assert MAX_LOG_BYTES * 4 / 3 < MAX_FRAME_BYTES / 2
