"""Every frame of the wire: its names are a contract with programs that are already out there."""

import copy
import json
from typing import Any, Literal

import pytest

from openviber_protocol.codec import Refusal, decode, encode, types_of
from openviber_protocol.frames import ThreadSubmit
from tests.support.frame_examples import (
    BINDING,
    BOTH_EXAMPLES,
    ENVIRONMENT,
    HUB_EXAMPLES,
    NODE_EXAMPLES,
    THREAD,
)

Sender = Literal["hub", "node"]
SENT: dict[Sender, dict[str, dict[str, Any]]] = {
    "hub": {**HUB_EXAMPLES, "node:heartbeat": NODE_EXAMPLES["node:heartbeat"], **BOTH_EXAMPLES},
    "node": {**NODE_EXAMPLES, **BOTH_EXAMPLES},
}
CASES = [pytest.param(side, kind, id=f"{side}-{kind}") for side in SENT for kind in SENT[side]]

REQUIRED: dict[str, tuple[str, ...]] = {
    "hub:challenge": ("nonce", "origin", "protocolMin", "protocolMax"),
    "hub:welcome": ("version", "epoch", "heartbeatSeconds", "logWindowBytes", "eventWindow"),
    "hub:ack": ("acks",),
    "environment:prepare": ("bindingId", "environmentId", "prepareId", "spec"),
    "environment:sync": ("version", "bindings"),
    "environment:cancel": ("prepareId",),
    "thread:submit": (
        "threadId",
        "environmentId",
        "bindingId",
        "runId",
        "text",
        "branch",
        "spec",
    ),
    "thread:stop": ("threadId", "runId"),
    "thread:archive": ("threadId", "environmentId", "bindingId"),
    "keys:rotate": (),
    "redaction:test": ("testId",),
    "node:hello": (
        "nodeId",
        "protocolMin",
        "protocolMax",
        "daemonVersion",
        "bootId",
        "signingKeyId",
        "sealingKeyId",
        "hubKeyId",
        "signature",
    ),
    "node:heartbeat": ("n",),
    "node:ack": ("accepted",),
    "environment:status": ("bindingId", "prepareId", "status"),
    "environment:log": ("executionId", "data"),
    "environment:slots": ("slots",),
    "redaction:tested": ("testId", "tried", "masked"),
    "thread:started": ("threadId", "runId", "workingDir", "branch"),
    "thread:progress": ("threadId", "runId", "records"),
    "thread:log": ("executionId", "data"),
    "thread:completed": ("threadId", "runId", "exitCode", "durationMs", "log"),
    "thread:error": ("threadId", "runId", "reason", "message"),
    "error": ("message",),
}

ENVELOPE_OF_COMMANDS = ("commandId", "attempt")
ENVELOPE_OF_STREAMS = ("stream", "seq")


def sent_by(side: Sender, kind: str) -> dict[str, Any]:
    return copy.deepcopy(SENT[side][kind])


def refusal_of(frame: dict[str, Any], side: Sender) -> Refusal:
    found = decode(json.dumps(frame), sender=side)
    assert isinstance(found, Refusal), f"{frame['type']} was accepted"
    return found


@pytest.mark.parametrize("side", ["hub", "node"])
def test_no_frame_lacks_an_example(side: Sender) -> None:
    assert set(SENT[side]) == types_of(side)
    assert set(REQUIRED) >= types_of(side)


@pytest.mark.parametrize(("side", "kind"), CASES)
def test_a_frame_means_the_same_after_a_round_trip(side: Sender, kind: str) -> None:
    example = sent_by(side, kind)
    frame = decode(json.dumps(example), sender=side)
    assert not isinstance(frame, Refusal), frame.payload
    assert frame.type == kind
    assert json.loads(encode(frame)) == example
    assert decode(encode(frame), sender=side) == frame


@pytest.mark.parametrize(("side", "kind"), CASES)
def test_an_unknown_field_of_the_envelope_is_refused_by_name(side: Sender, kind: str) -> None:
    frame = {**sent_by(side, kind), "surprise": 1}
    said = refusal_of(frame, side).payload
    assert (said.type_name, said.field) == (kind, "surprise")
    assert str(said.about) == frame["id"]


@pytest.mark.parametrize(("side", "kind"), CASES)
def test_an_unknown_field_of_the_payload_is_refused_by_name(side: Sender, kind: str) -> None:
    frame = sent_by(side, kind)
    frame["payload"]["surprise"] = 1
    said = refusal_of(frame, side).payload
    assert (said.type_name, said.field) == (kind, "payload.surprise")


@pytest.mark.parametrize(("side", "kind"), CASES)
def test_every_required_field_is_missed_by_name(side: Sender, kind: str) -> None:
    for name in REQUIRED[kind]:
        frame = sent_by(side, kind)
        del frame["payload"][name]
        said = refusal_of(frame, side).payload
        assert (said.type_name, said.field) == (kind, f"payload.{name}")


@pytest.mark.parametrize(("side", "kind"), CASES)
def test_no_other_field_of_the_payload_is_required(side: Sender, kind: str) -> None:
    frame = sent_by(side, kind)
    frame["payload"] = {name: frame["payload"][name] for name in REQUIRED[kind]}
    assert not isinstance(decode(json.dumps(frame), sender=side), Refusal)


@pytest.mark.parametrize(
    ("side", "kind"), [case for case in CASES if REQUIRED[str(case.values[1])]]
)
def test_a_field_of_the_wrong_type_is_refused_by_name(side: Sender, kind: str) -> None:
    name = REQUIRED[kind][0]
    frame = sent_by(side, kind)
    frame["payload"][name] = {"not": ["this"]}
    said = refusal_of(frame, side).payload
    assert said.type_name == kind
    assert said.field.startswith(f"payload.{name}")


@pytest.mark.parametrize(("side", "kind"), CASES)
@pytest.mark.parametrize("name", ["id", "ts", "payload"])
def test_the_envelope_is_missed_by_name(side: Sender, kind: str, name: str) -> None:
    frame = sent_by(side, kind)
    del frame[name]
    said = refusal_of(frame, side).payload
    assert (said.type_name, said.field) == (kind, name)


@pytest.mark.parametrize(
    ("side", "kind", "name"),
    [
        (side, kind, name)
        for side in SENT
        for kind, example in SENT[side].items()
        for name in (*ENVELOPE_OF_COMMANDS, *ENVELOPE_OF_STREAMS)
        if name in example
    ],
)
def test_a_command_and_a_position_are_missed_by_name(side: Sender, kind: str, name: str) -> None:
    frame = sent_by(side, kind)
    del frame[name]
    said = refusal_of(frame, side).payload
    assert (said.type_name, said.field) == (kind, name)


def test_commands_and_replies_and_stream_frames_are_the_ones_with_such_an_envelope() -> None:
    commands = {kind for kind, example in HUB_EXAMPLES.items() if "commandId" in example}
    assert commands == {
        "environment:prepare",
        "environment:sync",
        "environment:cancel",
        "thread:submit",
        "thread:stop",
        "thread:archive",
        "keys:rotate",
        "redaction:test",
    }
    streamed = {kind for kind, example in NODE_EXAMPLES.items() if "stream" in example}
    assert streamed == set(NODE_EXAMPLES) - {"node:hello", "node:heartbeat", "node:ack"}


@pytest.mark.parametrize("kind", sorted(HUB_EXAMPLES))
def test_a_node_may_not_send_what_only_a_hub_sends(kind: str) -> None:
    said = refusal_of(sent_by("hub", kind), "node").payload
    assert (said.type_name, said.field) == (kind, "type")
    assert said.message == f"a node may not send {kind}"


@pytest.mark.parametrize("kind", sorted(set(NODE_EXAMPLES) - {"node:heartbeat"}))
def test_a_hub_may_not_send_what_only_a_node_sends(kind: str) -> None:
    said = refusal_of(sent_by("node", kind), "hub").payload
    assert (said.type_name, said.field) == (kind, "type")
    assert said.message == f"a hub may not send {kind}"


def test_a_submit_names_its_thread_and_environment_and_binding() -> None:
    frame = decode(json.dumps(sent_by("hub", "thread:submit")), sender="hub")
    assert isinstance(frame, ThreadSubmit)
    assert str(frame.payload.thread_id) == THREAD
    assert str(frame.payload.environment_id) == ENVIRONMENT
    assert str(frame.payload.binding_id) == BINDING
    for name in ("threadId", "environmentId", "bindingId"):
        assert f'"{name}":"' in encode(frame)
