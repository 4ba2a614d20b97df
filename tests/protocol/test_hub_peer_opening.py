"""The hub's rules from the challenge to the welcome."""

import base64

import pytest

from openviber_protocol.canonical import hello_signed
from openviber_protocol.closing import CloseReason
from openviber_protocol.codec import encode
from openviber_protocol.events import (
    Close,
    StoreRecord,
)
from openviber_protocol.frames import (
    EnvironmentSlots,
    HubAck,
    HubChallenge,
    HubWelcome,
    NodeFrame,
    NodeHeartbeat,
    ProtocolErrorReply,
    ThreadLog,
)
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.node_payloads import (
    HeartbeatPayload,
    LogPayload,
    SlotsPayload,
)
from openviber_protocol.payloads import SlotReport, StreamAck
from openviber_protocol.streams import CONTROL
from tests.support.peers import (
    EXECUTION,
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


def slots(seq: int, *, epoch: int | None = 3) -> EnvironmentSlots:
    payload = SlotsPayload(slots=SlotReport(binding_id=EXECUTION, ready=seq))
    return MAKER.make(EnvironmentSlots, payload, stream=CONTROL, seq=seq, epoch=epoch)


def log(offset: int, data: bytes) -> ThreadLog:
    payload = LogPayload(execution_id=EXECUTION, data=base64.b64encode(data).decode())
    return MAKER.make(ThreadLog, payload, stream=LOG, seq=offset, epoch=3)


def acks_of(session: Session) -> tuple[StreamAck, ...]:
    return only(HubAck, session.hub.take_outbox()).payload.acks


# ---------------------------------------------------------------- the opening


def test_a_connection_begins_with_a_challenge() -> None:
    hub = make_hub()
    hub.start()
    challenge = only(HubChallenge, hub.take_outbox())
    assert challenge.payload.nonce == hub.nonce
    assert challenge.payload.origin == ORIGIN
    assert hub.take_outbox() == []


def test_a_hello_is_handed_out_with_the_bytes_that_its_signature_must_cover() -> None:
    hub = make_hub()
    event = greet(hub, make_node())
    assert event.version == 1
    assert event.signed == hello_signed(
        nonce=hub.nonce, origin=ORIGIN, node_id=NODE_ID, boot_id="b1", sealing_key_id="nk1"
    )
    assert base64.b64decode(event.hello.payload.signature) == b"signature"


@pytest.mark.parametrize(
    "frame", [slots(0), MAKER.make(NodeHeartbeat, HeartbeatPayload(n=1))], ids=lambda f: f.type
)
def test_anything_before_a_hello_ends_the_connection(frame: NodeFrame) -> None:
    hub = make_hub()
    hub.start()
    close = only(Close, hub.receive(frame))
    assert (close.code, close.reason) == (4400, CloseReason.BAD_FRAME)
    assert "node:hello must come first" in close.text


def test_nothing_is_taken_before_the_welcome() -> None:
    hub = make_hub()
    greet(hub, make_node())
    assert only(Close, hub.receive(slots(0))).code == 4400


def test_a_hello_that_is_delivered_twice_counts_once() -> None:
    hub, node = make_hub(), make_node()
    hello = greet(hub, node).hello
    assert hub.receive(hello) == []
    assert only(Close, hub.receive(hello.model_copy(update={"id": EXECUTION}))).code == 4400


@pytest.mark.parametrize(
    ("theirs", "says"), [((2, 3), "upgrade the board"), ((0, 0), "upgrade the node")]
)
def test_a_node_without_a_common_version_is_told_both_ranges(
    theirs: tuple[int, int], says: str
) -> None:
    session = Session(make_hub(), make_node(versions=theirs))
    session.hub.start()
    session.to_node()
    session.node.hello(b"")
    close = only(Close, session.to_hub())
    assert close.code == 4426
    assert f"{theirs[0]} to {theirs[1]}" in close.text
    assert "1 to 1" in close.text
    assert says in close.text


def test_the_highest_common_version_is_chosen() -> None:
    hub = make_hub(versions=(1, 3))
    assert greet(hub, make_node(versions=(1, 2))).version == 2
    hub.welcome(epoch=1, acks=(), heartbeat_seconds=10, log_window_bytes=1, event_window=1)
    assert only(HubWelcome, hub.take_outbox()).payload.version == 2


def test_a_hello_of_an_unreadable_later_version_is_told_to_wait_for_an_upgrade() -> None:
    hub, node = make_hub(), make_node(versions=(2, 2))
    hub.start()
    for frame in hub.take_outbox():
        node.receive(frame)
    node.hello(b"")
    text = encode(node.take_outbox()[0]).replace('"features"', '"talents":[],"features"')
    close = only(Close, hub.receive_text(text))
    assert close.code == 4426
    assert only(ProtocolErrorReply, hub.take_outbox()).payload.field == "payload.talents"


def test_a_hello_that_is_wrong_within_the_same_version_is_a_bad_frame() -> None:
    hub = make_hub()
    hub.start()
    hub.take_outbox()
    text = '{"v":1,"type":"node:hello","payload":{"protocolMin":1,"protocolMax":1}}'
    close = only(Close, hub.receive_text(text))
    assert close.code == 4400
    assert close.text.startswith("node:hello: id")


def test_a_refused_node_hears_nothing_more_and_is_not_heard() -> None:
    session, _ = open_session()
    close = session.hub.refuse(CloseReason.SUPERSEDED, "this node connected again")
    assert (close.code, close.text) == (4409, "this node connected again")
    assert session.hub.receive(slots(0)) == []
    assert session.hub.receive_text("{") == []
    assert not session.hub.is_open


def test_text_that_is_no_json_ends_the_connection_with_nothing_stored() -> None:
    session, _ = open_session()
    text = encode(slots(0))
    assert only(Close, session.hub.receive_text(text[:-3])).code == 4400


def test_the_calls_are_only_good_in_their_order() -> None:
    hub = make_hub()
    with pytest.raises(RuntimeError, match="GREETED"):
        hub.welcome(epoch=1, acks=(), heartbeat_seconds=1, log_window_bytes=1, event_window=1)
    with pytest.raises(RuntimeError, match="OPEN"):
        hub.send_command(make_command())


# ---------------------------------------------------------------- the welcome's cursors


def welcome_with(
    *, acked: int, available: int, committed: int | None, settled: bool = False
) -> tuple[HubPeer, StreamAck]:
    node, hub = make_node(), make_hub()
    node.open_stream(LOG, acked=acked, available=available)
    greet(hub, node)
    acks = [] if committed is None else [StreamAck(stream=LOG, next=committed, settled=settled)]
    hub.welcome(epoch=1, acks=acks, heartbeat_seconds=9, log_window_bytes=9, event_window=9)
    return hub, only(HubWelcome, hub.take_outbox()).payload.acks[0]


def test_every_stream_of_a_hello_is_answered() -> None:
    assert welcome_with(acked=4, available=9, committed=6)[1] == StreamAck(stream=LOG, next=6)
    assert welcome_with(acked=0, available=9, committed=None)[1] == StreamAck(stream=LOG, next=0)
    settled = welcome_with(acked=9, available=9, committed=9, settled=True)[1]
    assert settled == StreamAck(stream=LOG, next=9, settled=True)


def test_a_hub_that_lost_rows_asks_for_them_again() -> None:
    answer = welcome_with(acked=6, available=9, committed=4)[1]
    assert answer == StreamAck(stream=LOG, next=4, resend=True)


def test_a_node_that_lost_its_tail_is_resumed_at_its_end_and_the_caller_is_told() -> None:
    node, hub = make_node(), make_hub()
    node.open_stream(LOG, acked=4, available=5)
    greet(hub, node)
    acks = [StreamAck(stream=LOG, next=9, settled=True)]
    assert [state.next for state in hub.shrunk(acks)] == [5]
    hub.welcome(epoch=1, acks=acks, heartbeat_seconds=9, log_window_bytes=9, event_window=9)
    answer = only(HubWelcome, hub.take_outbox()).payload.acks[0]
    assert answer == StreamAck(stream=LOG, next=5, resend=True)


def test_a_stream_that_the_hello_does_not_list_keeps_its_cursor_unspoken() -> None:
    session, _ = open_session(acks=[StreamAck(stream=CONTROL, next=5)])
    assert session.hub.receive(slots(4)) == []
    assert only(StoreRecord, session.hub.receive(slots(5))).seq == 5
