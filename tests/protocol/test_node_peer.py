"""The node's rules, frame by frame."""

import json

import pytest

from openviber_protocol.codec import decode, encode
from openviber_protocol.events import (
    Acked,
    Close,
    CommandReceived,
    DataGone,
    LinkDead,
    Refused,
    Resending,
    Rewound,
)
from openviber_protocol.frame import MAX_LOG_BYTES
from openviber_protocol.frames import (
    EnvironmentLog,
    HubAck,
    NodeAck,
    NodeHeartbeat,
    NodeHello,
    ProtocolErrorReply,
    ThreadCompleted,
    ThreadLog,
)
from openviber_protocol.hub_payloads import HubAckPayload
from openviber_protocol.node_cursors import SendSlot
from openviber_protocol.node_payloads import ErrorPayload
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.payloads import NodeLoad, StreamAck
from openviber_protocol.streams import CONTROL
from tests.support.frame_examples import HUB_EXAMPLES, NODE_EXAMPLES, RUN
from tests.support.peers import (
    COMMAND_ID,
    EVENTS,
    LOG,
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


# ---------------------------------------------------------------- commands


def test_a_command_is_handed_out_with_its_key_and_answered_with_it() -> None:
    session, _ = open_session()
    session.hub.send_command(make_command(attempt=2))
    event = only(CommandReceived, session.to_node())
    assert (event.command_id, event.attempt) == (COMMAND_ID, 2)
    session.node.reply(event.command_id, event.attempt, accepted=True)
    reply = only(NodeAck, session.node.take_outbox())
    assert (reply.command_id, reply.attempt, reply.epoch) == (COMMAND_ID, 2, 3)
    assert reply.payload.accepted


def test_a_command_of_an_older_session_is_not_acted_on() -> None:
    node = open_node()
    assert node.receive(make_command().model_copy(update={"epoch": 2})) == []
    assert node.take_outbox() == []


def test_a_command_without_an_epoch_is_refused() -> None:
    node = open_node()
    assert node.receive(make_command()) == []
    said = only(ProtocolErrorReply, node.take_outbox()).payload
    assert (said.type_name, said.field) == ("environment:sync", "epoch")


def test_a_frame_that_is_not_understood_is_named_and_the_session_goes_on() -> None:
    node = open_node()
    text = json.dumps({**HUB_EXAMPLES["thread:stop"], "force": True})
    assert node.receive_text(text) == []
    said = only(ProtocolErrorReply, node.take_outbox()).payload
    assert (said.type_name, said.field) == ("thread:stop", "force")
    assert node.is_open


def test_an_error_is_handed_out_and_never_answered_with_an_error() -> None:
    node = open_node()
    reply = MAKER.make(ProtocolErrorReply, ErrorPayload(message="what?"))
    assert only(Refused, node.receive(reply)).payload.message == "what?"
    assert node.receive_text(encode(reply).replace('"message"', '"massage"')) == []
    assert node.take_outbox() == []


def test_text_that_is_no_json_ends_the_connection_for_good() -> None:
    node = open_node()
    assert only(Close, node.receive_text("{")).code == 4400
    assert node.receive_text("{") == []
    assert node.receive(ack(LOG, 0)) == []
    assert node.next_send() is None


# ---------------------------------------------------------------- sending


def test_control_overtakes_records_and_records_overtake_logs() -> None:
    node = open_node()
    for stream in (LOG, EVENTS, CONTROL):
        node.extend(stream, 5)
    order: list[str] = []
    while slot := node.next_send():
        order.append(slot.stream)
        node.sent(slot.stream, slot.budget)
    assert order == [CONTROL, EVENTS, LOG]


def test_logs_take_turns() -> None:
    node = open_node()
    names = [f"log/{number:036d}" for number in range(3)]
    for name in names:
        node.extend(name, 3 * MAX_LOG_BYTES)
    order: list[str] = []
    while slot := node.next_send():
        assert slot.budget == MAX_LOG_BYTES
        order.append(slot.stream)
        node.sent(slot.stream, slot.budget)
    assert order == names * 3


def test_a_stream_stops_at_its_window_and_goes_on_with_the_ack() -> None:
    node = open_node(log_window_bytes=100, event_window=2)
    node.extend(LOG, 150)
    node.extend(EVENTS, 3)
    node.sent(EVENTS, 2)
    node.sent(LOG, 60)
    assert node.next_send() == SendSlot(LOG, 60, 40)
    node.sent(LOG, 40)
    assert node.next_send() is None
    assert node.sendable(LOG) == (100, 100)
    assert node.receive(ack(LOG, 30)) == [Acked(LOG, 30, settled=False)]
    assert node.next_send() == SendSlot(LOG, 100, 30)
    node.receive(ack(EVENTS, 1))
    assert node.next_send() == SendSlot(EVENTS, 2, 1)


def test_more_than_the_window_cannot_be_sent() -> None:
    node = open_node(log_window_bytes=100)
    node.extend(LOG, 150)
    with pytest.raises(ValueError, match="100 is the limit"):
        node.sent(LOG, 101)


def test_a_stream_of_after_the_hello_starts_at_zero() -> None:
    node = open_node()
    node.extend(EVENTS, 1)
    assert node.next_send() == SendSlot(EVENTS, 0, 1)
    node.extend(EVENTS, 4)
    assert node.next_send() == SendSlot(EVENTS, 0, 4)
    node.close_stream(EVENTS)
    assert node.next_send() is None
    assert node.receive(ack(EVENTS, 9)) == []


def test_a_record_is_framed_where_it_lies() -> None:
    node = open_node()
    example = NODE_EXAMPLES["thread:completed"]
    frame = node.record_frame(
        f"events/{RUN}", 4, type_name="thread:completed", payload=example["payload"]
    )
    assert isinstance(frame, ThreadCompleted)
    assert (frame.seq, frame.epoch) == (4, 3)
    assert decode(encode(frame), sender="node") == frame


def test_a_piece_of_log_is_framed_for_its_kind() -> None:
    node = open_node()
    frame = node.log_frame(LOG, 7, b"hello", kind="prepare")
    assert isinstance(frame, EnvironmentLog)
    assert (frame.seq, frame.payload.data) == (7, "aGVsbG8=")
    assert isinstance(node.log_frame(LOG, 7, b"hello", kind="run"), ThreadLog)


# ---------------------------------------------------------------- acks


@pytest.mark.parametrize("position", [6, 10, 11, 2**53])
def test_an_ack_of_what_was_never_sent_is_a_lie_and_moves_nothing(position: int) -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.sent(LOG, 5)
    close = only(Close, node.receive(ack(LOG, position)))
    assert close.code == 4400
    assert "nothing beyond 5 was ever sent" in close.text


def test_one_lie_in_a_frame_makes_all_of_it_void() -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.extend(EVENTS, 1)
    node.sent(LOG, 5)
    entries = (StreamAck(stream=LOG, next=5), StreamAck(stream=EVENTS, next=1))
    only(Close, node.receive(MAKER.make(HubAck, HubAckPayload(acks=entries), epoch=3)))


def test_an_ack_that_comes_late_or_twice_changes_nothing() -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.sent(LOG, 10)
    assert node.receive(ack(LOG, 8)) == [Acked(LOG, 8, settled=False)]
    assert node.receive(ack(LOG, 8)) == []
    assert node.receive(ack(LOG, 3)) == []
    assert node.next_send() is None


def test_an_ack_of_an_older_session_is_ignored() -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.sent(LOG, 10)
    assert node.receive(ack(LOG, 8, epoch=2)) == []


def test_a_resend_starts_again_at_the_ack() -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.sent(LOG, 10)
    assert node.receive(ack(LOG, 4, resend=True)) == [Acked(LOG, 4, settled=False)]
    assert node.next_send() == SendSlot(LOG, 4, 6)


def test_a_resend_may_go_back_behind_what_was_acked_once() -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.sent(LOG, 10)
    node.receive(ack(LOG, 10, settled=True))
    assert node.receive(ack(LOG, 0, resend=True)) == [Rewound(LOG, 0)]
    assert node.next_send() == SendSlot(LOG, 0, 10)


def test_a_resend_of_what_is_gone_says_so() -> None:
    node = open_node()
    node.extend(CONTROL, 5)
    node.sent(CONTROL, 5)
    node.receive(ack(CONTROL, 4))
    node.trim(CONTROL, 4)
    assert node.receive(ack(CONTROL, 1, resend=True)) == [DataGone(CONTROL, 1, 4)]
    assert node.next_send() == SendSlot(CONTROL, 4, 1)


def test_only_what_was_acked_can_be_trimmed() -> None:
    node = open_node()
    node.extend(CONTROL, 5)
    node.sent(CONTROL, 5)
    node.receive(ack(CONTROL, 4))
    with pytest.raises(ValueError, match="acked up to 4"):
        node.trim(CONTROL, 5)


def test_a_stream_is_settled_once_and_only_at_its_end() -> None:
    node = open_node()
    node.extend(LOG, 10)
    node.sent(LOG, 6)
    assert node.receive(ack(LOG, 6, settled=True)) == [Acked(LOG, 6, settled=False)]
    node.sent(LOG, 4)
    assert node.receive(ack(LOG, 10)) == [Acked(LOG, 10, settled=False)]
    assert node.receive(ack(LOG, 10, settled=True)) == [Acked(LOG, 10, settled=True)]
    assert node.receive(ack(LOG, 10, settled=True)) == []


# ---------------------------------------------------------------- time


def test_what_is_not_acked_in_time_is_sent_again_each_time_more_patiently() -> None:
    session, _ = open_session(node=make_node(resend_after=5.0))
    node = session.node
    node.extend(LOG, 10)
    node.sent(LOG, 10)
    assert node.tick(100.0) == []
    assert node.tick(104.0) == []
    assert node.tick(105.0) == [Resending(LOG, 0)]
    assert node.next_send() == SendSlot(LOG, 0, 10)
    node.sent(LOG, 10)
    assert node.tick(106.0) == []
    assert node.tick(115.9) == []
    assert node.tick(116.0) == [Resending(LOG, 0)]


def test_an_ack_makes_the_next_silence_start_anew() -> None:
    session, _ = open_session(node=make_node(resend_after=5.0))
    node = session.node
    node.extend(LOG, 10)
    node.sent(LOG, 10)
    node.tick(100.0)
    node.receive(ack(LOG, 4))
    assert node.tick(106.0) == []
    assert node.tick(111.0) == [Resending(LOG, 4)]


def test_a_hub_that_is_silent_for_three_heartbeats_is_gone() -> None:
    session, _ = open_session()
    node = session.node
    node.tick(100.0)
    node.heartbeat(NodeLoad(running=1))
    session.to_hub()
    session.to_node()
    assert node.tick(129.0) == []
    assert node.tick(158.9) == []
    dead = only(LinkDead, node.tick(159.0))
    assert dead.seconds == 30.0
    assert node.tick(160.0) == []
    assert not node.is_open


def test_heartbeats_are_numbered_and_only_sent_in_a_session() -> None:
    node = make_node()
    node.heartbeat()
    assert node.take_outbox() == []
    assert node.tick(0.0) == []
    session, _ = open_session(node=node)
    node.heartbeat()
    node.heartbeat()
    numbers = [f.payload.n for f in node.take_outbox() if isinstance(f, NodeHeartbeat)]
    assert numbers == [1, 2]
    assert session.node is node


def test_the_outbox_is_taken_once() -> None:
    node, hub = make_node(), make_hub()
    hub.start()
    for frame in hub.take_outbox():
        node.receive(frame)
    node.hello(b"")
    only(NodeHello, node.take_outbox())
    assert node.take_outbox() == []
