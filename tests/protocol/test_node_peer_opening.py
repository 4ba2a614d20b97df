"""The node's rules from the challenge to the welcome."""

import json

import pytest

from openviber_protocol.canonical import hello_signed
from openviber_protocol.events import (
    Acked,
    ChallengeReceived,
    Close,
    CommandReceived,
    Welcomed,
)
from openviber_protocol.frames import (
    HubAck,
    HubChallenge,
)
from openviber_protocol.hub_payloads import ChallengePayload, HubAckPayload
from openviber_protocol.node_cursors import SendSlot
from openviber_protocol.node_payloads import StreamState
from openviber_protocol.node_peer import MAX_EARLY_FRAMES, NodePeer
from openviber_protocol.payloads import StreamAck
from openviber_protocol.streams import CONTROL
from tests.support.frame_examples import HUB_EXAMPLES
from tests.support.peers import (
    LOG,
    NODE_ID,
    ORIGIN,
    Session,
    greet,
    make_command,
    make_hub,
    make_maker,
    make_node,
    only,
    open_session,
)

MAKER = make_maker()


def ack(stream: str, position: int, *, epoch: int = 3, **flags: bool) -> HubAck:
    entry = StreamAck(stream=stream, next=position, **flags)
    return MAKER.make(HubAck, HubAckPayload(acks=(entry,)), epoch=epoch)


def open_node(*, log_window_bytes: int = 1 << 20, event_window: int = 100) -> NodePeer:
    session, _ = open_session(log_window_bytes=log_window_bytes, event_window=event_window)
    return session.node


# ---------------------------------------------------------------- the opening


def test_a_challenge_is_answered_with_a_signature_over_its_nonce_and_origin() -> None:
    session = Session(make_hub(), make_node())
    session.hub.start()
    only(ChallengeReceived, session.to_node())
    assert session.node.nonce == session.hub.nonce
    assert session.node.bytes_to_sign() == hello_signed(
        nonce=session.hub.nonce, origin=ORIGIN, node_id=NODE_ID, boot_id="b1", sealing_key_id="nk1"
    )


def test_a_hello_lists_every_stream_of_the_spool() -> None:
    node, hub = make_node(), make_hub()
    node.open_stream(LOG, acked=3, available=9)
    node.open_stream(CONTROL, acked=4, available=4, first=4)
    assert greet(hub, node).hello.payload.streams == (
        StreamState(stream=LOG, acked=3, next=9),
        StreamState(stream=CONTROL, acked=4, next=4),
    )


def test_a_challenge_for_another_origin_is_a_relay_and_is_hung_up_on() -> None:
    session = Session(make_hub(), make_node(origin="https://other.example"))
    session.hub.start()
    close = only(Close, session.to_node())
    assert close.code == 4401
    assert ORIGIN in close.text
    assert "https://other.example" in close.text


def test_the_expected_origin_is_accepted() -> None:
    assert open_session(node=make_node(origin=ORIGIN))[0].node.is_open


def test_a_hello_needs_a_challenge() -> None:
    node = make_node()
    with pytest.raises(RuntimeError, match="no challenge"):
        node.bytes_to_sign()
    with pytest.raises(RuntimeError, match="answers a challenge"):
        node.hello(b"")


def test_a_challenge_that_is_delivered_twice_counts_once() -> None:
    node = make_node()
    payload = ChallengePayload(nonce="n", origin=ORIGIN, protocol_min=1, protocol_max=1)
    challenge = MAKER.make(HubChallenge, payload)
    only(ChallengeReceived, node.receive(challenge))
    assert node.receive(challenge) == []
    assert only(Close, node.receive(MAKER.make(HubChallenge, payload))).code == 4400


def test_a_challenge_of_an_unreadable_later_version_asks_for_an_upgrade() -> None:
    challenge = json.loads(json.dumps(HUB_EXAMPLES["hub:challenge"]))
    challenge["payload"] |= {"protocolMin": 5, "protocolMax": 6, "puzzle": 1}
    close = only(Close, make_node().receive_text(json.dumps(challenge)))
    assert close.code == 4426
    assert "upgrade the node" in close.text


def test_a_challenge_that_is_wrong_within_the_same_version_is_a_bad_frame() -> None:
    challenge = {**HUB_EXAMPLES["hub:challenge"], "puzzle": 1}
    assert only(Close, make_node().receive_text(json.dumps(challenge))).code == 4400


def test_a_version_that_was_not_offered_is_refused() -> None:
    hub, node = make_hub(versions=(1, 2)), make_node(versions=(1, 1))
    greet(hub, node)
    hub._version = 2
    hub.welcome(epoch=1, acks=(), heartbeat_seconds=9, log_window_bytes=9, event_window=9)
    close = only(Close, Session(hub, node).to_node())
    assert (close.code, node.is_open) == (4400, False)


def test_a_welcome_opens_the_session_and_tells_how_far_the_hub_is() -> None:
    node = make_node()
    node.open_stream(LOG, acked=3, available=9)
    session, events = open_session(node=node, acks=[StreamAck(stream=LOG, next=6)])
    assert isinstance(events[0], Welcomed)
    assert events[1:] == [Acked(LOG, 6, settled=False)]
    assert (session.node.epoch, session.node.is_open) == (3, True)
    assert node.next_send() == SendSlot(LOG, 6, 3)


def test_a_welcome_that_is_delivered_twice_counts_once() -> None:
    session = Session(make_hub(), make_node())
    greet(session.hub, session.node)
    session.hub.welcome(epoch=3, acks=(), heartbeat_seconds=9, log_window_bytes=9, event_window=9)
    (welcome,) = session.hub.take_outbox()
    only(Welcomed, session.node.receive(welcome))
    assert session.node.receive(welcome) == []


def test_a_welcome_that_acks_what_was_never_spooled_is_a_lie() -> None:
    hub, node = make_hub(), make_node()
    node.open_stream(LOG, acked=3, available=9)
    greet(hub, node)
    hub.welcome(epoch=3, acks=(), heartbeat_seconds=9, log_window_bytes=9, event_window=9)
    (welcome,) = hub.take_outbox()
    said = welcome.payload.model_copy(update={"acks": (StreamAck(stream=LOG, next=10),)})
    events = node.receive(welcome.model_copy(update={"payload": said}))
    assert isinstance(events[0], Welcomed)
    close = only(Close, events[1:])
    assert (close.code, node.is_open) == (4400, False)


def test_a_command_that_overtakes_the_welcome_waits_for_it() -> None:
    session = Session(make_hub(), make_node())
    greet(session.hub, session.node)
    session.hub.welcome(epoch=3, acks=(), heartbeat_seconds=9, log_window_bytes=9, event_window=9)
    session.hub.send_command(make_command())
    welcome, command = session.hub.take_outbox()
    assert session.node.receive(command) == []
    events = session.node.receive(welcome)
    assert [type(event) for event in events] == [Welcomed, CommandReceived]


def test_frames_without_a_welcome_are_not_kept_for_ever() -> None:
    node = make_node()
    greet(make_hub(), node)
    command = make_command()
    for _ in range(MAX_EARLY_FRAMES):
        assert node.receive(command) == []
    assert only(Close, node.receive(command)).code == 4400


def test_a_command_before_the_hello_ends_the_connection() -> None:
    assert only(Close, make_node().receive(make_command())).code == 4400
    assert make_node().next_send() is None
