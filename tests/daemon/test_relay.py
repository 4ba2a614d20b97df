import json
import uuid
from pathlib import Path
from typing import Any, Literal

import pytest

from openviber_daemon.attempt import Attempt, Job, make_attempt
from openviber_daemon.clock import SystemClock
from openviber_daemon.relay import PACE_FRAMES, Relay
from openviber_daemon.spool import Reply, Spool
from openviber_protocol.events import Acked
from openviber_protocol.frame import MAX_LOG_BYTES
from openviber_protocol.frames import HubAck, HubChallenge, HubWelcome, NodeHello
from openviber_protocol.hub_payloads import ChallengePayload, HubAckPayload, WelcomePayload
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_cursors import SendSlot
from openviber_protocol.node_hello import NodeIdentity
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.payloads import StreamAck

CHALLENGE = ChallengePayload(nonce="n", origin="http://board", protocol_min=1, protocol_max=1)
WELCOME = WelcomePayload(
    version=1, epoch=1, heartbeat_seconds=10, log_window_bytes=4 * 1024 * 1024, event_window=512
)


def some_peer() -> NodePeer:
    identity = NodeIdentity(
        node_id=uuid.uuid4(),
        daemon_version="0",
        boot_id="b",
        signing_key_id="s",
        sealing_key_id="s",
        hub_key_id="h",
    )
    return NodePeer(maker=FrameMaker(uuid.uuid4, SystemClock().now), identity=identity)


def some_attempt(folder: Path, kind: Literal["prepare", "run"] = "run") -> Attempt:
    payload = {"bindingId": str(uuid.uuid4()), "threadId": str(uuid.uuid4())}
    job = Job(kind, uuid.uuid4(), uuid.uuid4(), 1, payload)
    return make_attempt(folder / str(job.execution_id), job, home=folder, log_limit_bytes=1)


def slot(attempt: Attempt, kind: str, start: int, budget: int = 100) -> SendSlot:
    return SendSlot(f"{kind}/{attempt.job.execution_id}", start, budget)


def test_a_log_is_sent_from_where_it_is_wanted(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, peer, attempt = Relay(spool=spool, clock=SystemClock()), some_peer(), None
        attempt = some_attempt(tmp_path)
        attempt.log.write_bytes(b"0123456789")
        relay.add(attempt)
        made = relay.frame(slot(attempt, "log", 4, 3), peer)
        assert made is not None
        frame, count = made
        assert (frame.type, frame.seq, count) == ("thread:log", 4, 3)
        assert relay.unacked_bytes() == 10
        relay.close()


@pytest.mark.parametrize("kind", ["prepare", "run"])
@pytest.mark.parametrize("is_final", [True, False])
@pytest.mark.parametrize("line", ['"nonsense"', '{"type": "hub:ack", "payload": {}}', "{"])
def test_a_record_that_is_none_is_replaced_so_that_its_number_is_used(
    tmp_path: Path, kind: Literal["prepare", "run"], is_final: bool, line: str
) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, peer, attempt = Relay(spool=spool, clock=SystemClock()), some_peer(), None
        attempt = some_attempt(tmp_path, kind)
        event: dict[str, Any] = {"type": "thread:odd", "payload": {"x": 1}, "final": True}
        attempt.events.write_text((json.dumps(event) if is_final else line) + "\n")
        relay.add(attempt)
        made = relay.frame(slot(attempt, "events", 0), peer)
        assert made is not None
        said = made[0].payload.model_dump(mode="json", by_alias=True)
        assert made[0].seq == 0
        assert (said.get("log") is not None) == is_final
        relay.close()


def test_an_execution_is_whole_once_both_streams_are_settled(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, attempt = Relay(spool=spool, clock=SystemClock()), some_attempt(tmp_path)
        attempt.log.write_bytes(b"0123")
        relay.add(attempt)
        name = attempt.job.execution_id
        assert relay.list_delivered() == []
        assert relay.acked(f"log/{name}", position=4, is_settled=True) is None
        assert relay.list_delivered() == [name]
        assert relay.acked(f"events/{name}", position=0, is_settled=True) == name
        relay.remove(name)
        relay.look(name)
        assert relay.acked(f"log/{name}", position=4, is_settled=True) == name
        relay.close()


def test_acks_are_remembered_and_taken_back(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, attempt = Relay(spool=spool, clock=SystemClock()), some_attempt(tmp_path)
        attempt.log.write_bytes(b"0123")
        relay.add(attempt)
        name = f"log/{attempt.job.execution_id}"
        relay.acked(name, position=4, is_settled=False)
        relay.save_cursors()
        assert spool.cursor(name) == 4
        relay.rewound(name, position=1)
        relay.close()
        assert spool.cursor(name) == 1


def test_control_records_are_sent_and_forgotten(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, peer = Relay(spool=spool, clock=SystemClock()), some_peer()
        report = {"slots": {"bindingId": str(uuid.uuid4()), "ready": 1, "claimed": 0}}
        spool.store_reply(
            Reply(accepted=True),
            command_id=uuid.uuid4(),
            attempt=1,
            records=[("environment:slots", report)],
        )
        made = relay.frame(SendSlot("control", 0, 9), peer)
        assert made is not None
        assert made[0].type == "environment:slots"
        relay.acked("control", position=1, is_settled=False)
        assert relay.frame(SendSlot("control", 1, 9), peer) is None
        relay.close()


def open_peer(relay: Relay) -> NodePeer:
    """Give a peer that is past its welcome, attached to the relay."""
    peer = some_peer()
    maker = FrameMaker(uuid.uuid4, SystemClock().now)
    relay.attach(peer)
    peer.receive(maker.make(HubChallenge, CHALLENGE))
    peer.hello(b"signature")
    peer.receive(maker.make(HubWelcome, WELCOME))
    assert peer.is_open
    return peer


def send_all(relay: Relay, peer: NodePeer) -> list[int]:
    """Send what may be sent, as a session does; give the sizes."""
    sizes: list[int] = []
    while (wanted := peer.next_send()) is not None:
        made = relay.frame(wanted, peer)
        assert made is not None
        peer.sent(wanted.stream, made[1])
        sizes.append(made[1])
    return sizes


def ack(relay: Relay, peer: NodePeer, stream: str, position: int) -> None:
    maker = FrameMaker(uuid.uuid4, SystemClock().now)
    payload = HubAckPayload(acks=(StreamAck(stream=stream, next=position),))
    for event in peer.receive(maker.make(HubAck, payload)):
        assert isinstance(event, Acked)
        relay.acked(event.stream, position=event.next, is_settled=event.settled)


def append(relay: Relay, attempt: Attempt, data: bytes) -> None:
    with attempt.log.open("ab") as log:
        log.write(data)
    relay.look(attempt.job.execution_id)


def test_small_pieces_of_a_log_wait_for_an_ack_and_then_go_together(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, attempt = Relay(spool=spool, clock=SystemClock()), some_attempt(tmp_path)
        relay.add(attempt)
        peer = open_peer(relay)
        stream = f"log/{attempt.job.execution_id}"
        sizes: list[int] = []
        for _ in range(5):
            append(relay, attempt, b"0123456789")
            sizes += send_all(relay, peer)
        assert sizes == [10] * PACE_FRAMES
        ack(relay, peer, stream, 10)
        assert send_all(relay, peer) == [50 - 10 * PACE_FRAMES]
        ack(relay, peer, stream, 50)
        append(relay, attempt, b"0")
        assert send_all(relay, peer) == [1]
        relay.close()


def test_a_whole_frame_of_log_waits_for_nothing(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, attempt = Relay(spool=spool, clock=SystemClock()), some_attempt(tmp_path)
        relay.add(attempt)
        peer = open_peer(relay)
        for _ in range(PACE_FRAMES + 1):
            append(relay, attempt, b"0123456789")
            send_all(relay, peer)
        append(relay, attempt, b"x" * MAX_LOG_BYTES)
        assert sum(send_all(relay, peer)) == MAX_LOG_BYTES + 10
        relay.close()


def test_what_waited_for_an_ack_is_sent_on_a_new_connection(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, attempt = Relay(spool=spool, clock=SystemClock()), some_attempt(tmp_path)
        relay.add(attempt)
        peer = open_peer(relay)
        for _ in range(PACE_FRAMES + 3):
            append(relay, attempt, b"0123456789")
            send_all(relay, peer)
        relay.detach()
        assert send_all(relay, open_peer(relay)) == [10 * (PACE_FRAMES + 3)]
        relay.close()


def test_what_was_appended_while_no_hub_was_there_is_offered_to_the_next(tmp_path: Path) -> None:
    with Spool(tmp_path / "s", clock=SystemClock()) as spool:
        relay, peer, attempt = Relay(spool=spool, clock=SystemClock()), some_peer(), None
        attempt = some_attempt(tmp_path)
        relay.add(attempt)
        attempt.events.write_text(json.dumps({"type": "thread:odd", "payload": {}}) + "\n")
        attempt.log.write_bytes(b"0123")  # nobody rang since
        relay.attach(peer)
        peer.receive(FrameMaker(uuid.uuid4, SystemClock().now).make(HubChallenge, CHALLENGE))
        peer.bytes_to_sign()
        peer.hello(b"")
        (hello,) = peer.take_outbox()
        assert isinstance(hello, NodeHello)
        ends = {state.stream.split("/")[0]: state.next for state in hello.payload.streams}
        assert (ends["events"], ends["log"]) == (1, 4)
        relay.close()
