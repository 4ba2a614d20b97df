"""Frames around what was read back from the spool."""

import base64

import pytest
from pydantic import ValidationError

from openviber_protocol.codec import decode, encode
from openviber_protocol.frame import MAX_LOG_BYTES
from openviber_protocol.frames import EnvironmentLog, ThreadLog
from openviber_protocol.spooled import make_log, make_record
from tests.support.frame_examples import NODE_EXAMPLES, RUN
from tests.support.peers import EVENTS, LOG, make_maker

RECORDS = [
    "environment:status",
    "environment:slots",
    "thread:started",
    "thread:progress",
    "thread:completed",
    "thread:error",
]


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_becomes_the_frame_of_its_type(kind: str) -> None:
    example = NODE_EXAMPLES[kind]
    frame = make_record(
        make_maker(),
        stream=example["stream"],
        seq=9,
        type_name=kind,
        payload=example["payload"],
        epoch=2,
    )
    assert (frame.type, frame.seq, frame.epoch) == (kind, 9, 2)
    assert decode(encode(frame), sender="node") == frame


@pytest.mark.parametrize("kind", ["thread:log", "node:ack", "surprise"])
def test_what_is_no_record_is_not_framed(kind: str) -> None:
    with pytest.raises(ValidationError):
        make_record(
            make_maker(),
            stream=f"events/{RUN}",
            seq=0,
            type_name=kind,
            payload=NODE_EXAMPLES["thread:progress"]["payload"],
            epoch=1,
        )


@pytest.mark.parametrize(("kind", "made"), [("prepare", EnvironmentLog), ("run", ThreadLog)])
def test_a_piece_of_log_is_framed_whole(kind: str, made: type[ThreadLog | EnvironmentLog]) -> None:
    data = b"\x00\xff" * (MAX_LOG_BYTES // 2)
    frame = make_log(
        make_maker(),
        stream=LOG,
        offset=7,
        data=data,
        kind="prepare" if kind == "prepare" else "run",
        epoch=2,
    )
    assert isinstance(frame, made)
    assert base64.b64decode(frame.payload.data) == data
    assert decode(encode(frame), sender="node") == frame


@pytest.mark.parametrize(
    ("stream", "data"), [(LOG, b""), (LOG, b"x" * (MAX_LOG_BYTES + 1)), ("control", b"x")]
)
def test_nothing_and_too_much_and_control_are_no_log(stream: str, data: bytes) -> None:
    with pytest.raises(ValueError, match="are no log frame"):
        make_log(make_maker(), stream=stream, offset=0, data=data, kind="run", epoch=1)


def test_a_log_belongs_to_its_streams_execution() -> None:
    frame = make_log(make_maker(), stream=LOG, offset=0, data=b"x", kind="run", epoch=None)
    assert EVENTS.endswith(str(frame.payload.execution_id))
