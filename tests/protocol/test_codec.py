"""Text to frames: what is refused, what ends a connection, and what is never understood twice."""

import base64
import contextlib
import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_protocol.codec import FrameTooLargeError, Refusal, decode, encode
from openviber_protocol.frame import MAX_FRAME_BYTES, MAX_LOG_BYTES
from openviber_protocol.frames import NodeAck, ThreadLog, ThreadProgress
from openviber_protocol.json_guard import BadFrameError
from openviber_protocol.node_payloads import LogPayload, ProgressPayload
from openviber_protocol.payloads import TimelineRecord
from tests.support.frame_examples import HUB_EXAMPLES, NODE_EXAMPLES
from tests.support.peers import EXECUTION, LOG, THREAD_ID, make_maker

LOG_TEXT = json.dumps(NODE_EXAMPLES["thread:log"])
STATUS_TEXT = json.dumps(NODE_EXAMPLES["environment:status"])


def refused(frame: dict[str, Any], sender: Literal["hub", "node"] = "node") -> Refusal:
    found = decode(json.dumps(frame), sender=sender)
    assert isinstance(found, Refusal)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "{",
        b"\xff\xfe{}",
        LOG_TEXT[:-1],
        LOG_TEXT[: len(LOG_TEXT) // 2],
        LOG_TEXT + "{}",
        LOG_TEXT.replace('"v"', '"seq": 1, "v"'),
        LOG_TEXT.replace('"executionId"', '"data": "", "executionId"'),
        LOG_TEXT.replace('"v"', '"s\\u0065q": 1, "v"'),
        STATUS_TEXT.replace('"noop"', '"noop": true, "noop"'),
        STATUS_TEXT.replace('"redacted": 1', '"redacted": 9007199254740993'),
        STATUS_TEXT.replace('"redacted": 1', '"redacted": NaN'),
        STATUS_TEXT.replace('"4b825dc"', '"\\ud800"'),
        STATUS_TEXT.replace("4b825dc", "\ud800"),
        '{"type":"thread:log","x":' + "[" * 100_000,
        '{"type":"thread:log","v":' + "9" * 200_000 + "}",
        '{"type":"surprise","x":' + "[" * 40 + "]" * 40 + "}",
    ],
    ids=range(19),
)
def test_text_that_is_no_sound_json_object_ends_the_connection(text: str | bytes) -> None:
    with pytest.raises(BadFrameError):
        decode(text, sender="node")


def test_a_frame_may_have_as_many_bytes_as_the_limit_and_no_more() -> None:
    padded = LOG_TEXT + " " * (MAX_FRAME_BYTES - len(LOG_TEXT))
    assert isinstance(decode(padded, sender="node"), ThreadLog)
    assert isinstance(decode(padded.encode(), sender="node"), ThreadLog)
    with pytest.raises(BadFrameError, match=f"the limit is {MAX_FRAME_BYTES}"):
        decode(padded + " ", sender="node")
    with pytest.raises(BadFrameError, match="the limit"):
        decode("ä" * (MAX_FRAME_BYTES // 2 + 1), sender="node")


@pytest.mark.parametrize("kind", ["surprise", "THREAD:LOG", ""])
def test_an_unknown_type_is_refused_by_its_name(kind: str) -> None:
    said = refused({**NODE_EXAMPLES["thread:log"], "type": kind}).payload
    assert (said.type_name, said.field) == (kind, "type")
    assert "no frame type" in said.message


@pytest.mark.parametrize("kind", [None, 1, ["thread:log"]])
def test_a_type_that_is_no_string_is_refused(kind: object) -> None:
    said = refused({**NODE_EXAMPLES["thread:log"], "type": kind}).payload
    assert (said.type_name, said.field) == ("", "type")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", True),
        ("v", 1.0),
        ("v", "1"),
        ("v", 2),
        ("v", 0),
        ("seq", -1),
        ("seq", "0"),
        ("id", "x"),
        ("id", 7),
        ("ts", 1),
        ("ts", "soon"),
        ("stream", "log/x"),
        ("attempt", 0),
    ],
)
def test_values_are_never_bent_into_the_wanted_type(field: str, value: object) -> None:
    said = refused({**NODE_EXAMPLES["thread:log"], field: value}).payload
    assert (said.type_name, said.field) == ("thread:log", field)


def test_a_record_on_another_executions_stream_is_refused() -> None:
    other = "events/01900000-0000-7000-8000-00000000dead"
    said = refused({**NODE_EXAMPLES["thread:completed"], "stream": other}).payload
    assert said.field == "stream"
    assert "events/01900000-0000-7000-8000-000000000006" in said.message


def test_a_foreign_name_is_cut_before_it_is_repeated() -> None:
    said = refused({**NODE_EXAMPLES["thread:log"], "x" * 100_000: 1}).payload
    assert len(said.field) == 200
    said = refused({**NODE_EXAMPLES["thread:log"], "type": "y" * 100_000}).payload
    assert len(said.type_name) == 200


def test_the_value_of_a_bad_field_is_not_repeated() -> None:
    frame = json.loads(json.dumps(HUB_EXAMPLES["thread:submit"]))
    frame["payload"]["text"] = {"password": "hunter2"}
    frame["payload"]["spec"]["setup"]["mode"] = "hunter2"
    assert "hunter2" not in repr(refused(frame, "hub"))


def test_a_hello_of_another_version_still_tells_its_range() -> None:
    hello = json.loads(json.dumps(NODE_EXAMPLES["node:hello"]))
    hello["payload"] |= {"protocolMin": 2, "protocolMax": 3, "newField": 1}
    assert refused(hello).versions == (2, 3)
    hello["payload"]["protocolMax"] = True
    assert refused(hello).versions is None
    hello["payload"] = "x"
    assert refused(hello).versions is None
    assert refused({**NODE_EXAMPLES["thread:log"], "x": 1}).versions is None


def test_a_hello_of_a_later_envelope_is_read_so_that_the_range_decides() -> None:
    assert not isinstance(
        decode(json.dumps({**NODE_EXAMPLES["node:hello"], "v": 2}), sender="node"), Refusal
    )


def test_bytes_and_text_are_read_alike() -> None:
    assert decode(LOG_TEXT.encode(), sender="node") == decode(LOG_TEXT, sender="node")


def test_a_full_log_frame_fits_and_survives() -> None:
    data = bytes(range(256)) * (MAX_LOG_BYTES // 256)
    payload = LogPayload(execution_id=EXECUTION, data=base64.b64encode(data).decode())
    frame = make_maker().make(ThreadLog, payload, stream=LOG, seq=2**53 - MAX_LOG_BYTES, epoch=1)
    again = decode(encode(frame), sender="node")
    assert isinstance(again, ThreadLog)
    assert base64.b64decode(again.payload.data) == data


def test_a_frame_that_is_too_large_is_not_written() -> None:
    record = TimelineRecord(op="append", id="a", text="ä" * MAX_FRAME_BYTES)
    payload = ProgressPayload(thread_id=THREAD_ID, run_id=EXECUTION, records=(record,))
    frame = make_maker().make(ThreadProgress, payload, stream=f"events/{EXECUTION}", seq=0)
    with pytest.raises(FrameTooLargeError, match="thread:progress"):
        encode(frame)


def test_what_is_unset_is_left_out_of_the_text() -> None:
    text = encode(decode_ack())
    assert "stream" not in text
    assert "seq" not in text


def decode_ack() -> NodeAck:
    found = decode(json.dumps(NODE_EXAMPLES["node:ack"]), sender="node")
    assert isinstance(found, NodeAck)
    return found


@given(st.integers(0, len(STATUS_TEXT) - 1), st.integers(0, 255))
def test_a_flipped_byte_is_a_frame_or_refused_or_bad_but_never_a_crash(at: int, byte: int) -> None:
    data = bytearray(STATUS_TEXT.encode())
    data[at] = byte
    with contextlib.suppress(BadFrameError):
        decode(bytes(data), sender="node")


@given(st.binary(max_size=200))
def test_noise_is_a_bad_frame_or_a_refusal(noise: bytes) -> None:
    with contextlib.suppress(BadFrameError):
        assert isinstance(decode(noise, sender="hub"), Refusal)
