"""Names of streams, and the frames that belong on them."""

import json

import pytest

from openviber_protocol.codec import Refusal, decode
from openviber_protocol.frames import NodeAck, StreamFrame
from openviber_protocol.streams import (
    CONTROL,
    command_key,
    events_stream,
    execution_of,
    is_log,
    log_stream,
    position_of,
    stream_of,
)
from tests.support.frame_examples import NODE_EXAMPLES
from tests.support.peers import COMMAND_ID, EVENTS, EXECUTION, LOG, make_command


def test_a_name_leads_to_its_execution_and_back() -> None:
    assert (events_stream(EXECUTION), log_stream(EXECUTION)) == (EVENTS, LOG)
    assert execution_of(EVENTS) == execution_of(LOG) == EXECUTION
    assert execution_of(CONTROL) is None


def test_only_logs_count_bytes() -> None:
    assert [is_log(name) for name in (LOG, EVENTS, CONTROL)] == [True, False, False]


@pytest.mark.parametrize(
    "kind", [kind for kind, example in NODE_EXAMPLES.items() if "stream" in example]
)
def test_every_stream_frame_belongs_where_the_example_has_it(kind: str) -> None:
    frame = decode(json.dumps(NODE_EXAMPLES[kind]), sender="node")
    assert isinstance(frame, StreamFrame)
    assert stream_of(frame) == frame.stream
    assert position_of(frame) == (frame.stream, frame.seq)
    with pytest.raises(ValueError, match=kind):
        position_of(frame.model_copy(update={"seq": None}))


def test_a_command_and_its_reply_share_a_key() -> None:
    assert command_key(make_command(attempt=2)) == (COMMAND_ID, 2)
    reply = decode(json.dumps(NODE_EXAMPLES["node:ack"]), sender="node")
    assert not isinstance(reply, Refusal)
    assert isinstance(reply, NodeAck)
    assert command_key(reply) == (COMMAND_ID, 1)
    with pytest.raises(ValueError, match="names no command"):
        command_key(reply.model_copy(update={"attempt": None}))
