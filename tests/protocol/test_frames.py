"""The union of all frames: how its parts fit together. Each frame has its contract test."""

import re
from typing import get_args

from openviber_protocol.frame import Frame
from openviber_protocol.frames import (
    Command,
    HubFrame,
    LogFrame,
    NodeFrame,
    NodeHeartbeat,
    ProtocolErrorReply,
    RecordFrame,
    StreamFrame,
)

HUB = set(get_args(HubFrame))
NODE = set(get_args(NodeFrame))


def test_only_heartbeats_and_errors_go_both_ways() -> None:
    assert {NodeHeartbeat, ProtocolErrorReply} == HUB & NODE


def test_commands_come_from_the_hub_and_stream_frames_from_the_node() -> None:
    assert set(get_args(Command)) < HUB - NODE
    assert set(get_args(StreamFrame)) < NODE - HUB


def test_a_stream_frame_is_a_record_or_a_log() -> None:
    records, logs = set(get_args(RecordFrame)), set(get_args(LogFrame))
    assert records | logs == set(get_args(StreamFrame))
    assert not records & logs


def test_a_class_is_named_after_its_type() -> None:
    kinds: set[type[Frame]] = HUB | NODE
    for kind in kinds - {ProtocolErrorReply}:
        words = re.split(":", kind.model_fields["type"].default)
        assert kind.__name__ == "".join(word.capitalize() for word in words)


def test_no_two_frames_share_a_type() -> None:
    kinds: set[type[Frame]] = HUB | NODE
    assert len({kind.model_fields["type"].default for kind in kinds}) == len(kinds)
