"""The hub's rules, frame by frame."""

import base64

import pytest

from openviber_protocol.codec import decode, encode
from openviber_protocol.events import (
    Close,
    CommandReplied,
    HeartbeatReceived,
    Refused,
    StoreLog,
    StoreRecord,
)
from openviber_protocol.frames import (
    EnvironmentSlots,
    EnvironmentSync,
    HubAck,
    NodeHeartbeat,
    ProtocolErrorReply,
    ThreadLog,
)
from openviber_protocol.node_payloads import (
    ErrorPayload,
    LogPayload,
    SlotsPayload,
)
from openviber_protocol.payloads import NodeLoad, SlotReport, StreamAck
from openviber_protocol.streams import CONTROL
from tests.support.peers import (
    COMMAND_ID,
    EXECUTION,
    LOG,
    Session,
    make_command,
    make_maker,
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


# ---------------------------------------------------------------- streams


def test_a_new_stream_starts_at_zero_and_hands_out_each_record_once() -> None:
    session, _ = open_session()
    first = slots(0)
    event = only(StoreRecord, session.hub.receive(first))
    assert (event.stream, event.seq, event.next, event.frame) == (CONTROL, 0, 1, first)
    assert session.hub.receive(first) == []
    assert only(StoreRecord, session.hub.receive(slots(1))).seq == 1


def test_nothing_is_acked_before_it_is_committed() -> None:
    session, _ = open_session()
    session.hub.receive(slots(0))
    assert session.hub.take_outbox() == []
    session.hub.receive(slots(0))  # a duplicate asks for an ack
    assert acks_of(session) == (StreamAck(stream=CONTROL, next=0),)
    session.hub.committed(CONTROL, 1)
    assert acks_of(session) == (StreamAck(stream=CONTROL, next=1),)


def test_a_duplicate_is_answered_with_the_ack_that_may_have_been_lost() -> None:
    session, _ = open_session()
    session.hub.receive(slots(0))
    session.hub.committed(CONTROL, 1)
    acks_of(session)
    assert session.hub.receive(slots(0)) == []
    assert acks_of(session) == (StreamAck(stream=CONTROL, next=1),)


def test_acks_of_many_commits_become_one_frame() -> None:
    session, _ = open_session()
    for seq in range(5):
        session.hub.receive(slots(seq))
        session.hub.committed(CONTROL, seq + 1)
    session.hub.receive(log(0, b"abc"))
    session.hub.committed(LOG, 3)
    assert acks_of(session) == (
        StreamAck(stream=CONTROL, next=5),
        StreamAck(stream=LOG, next=3),
    )
    assert session.hub.take_outbox() == []


def test_more_acks_than_fit_are_split() -> None:
    session, _ = open_session()
    for number in range(2500):
        session.hub.committed(f"log/{number:036d}", 0)
    frames = session.hub.take_outbox()
    sizes = [len(frame.payload.acks) for frame in frames if isinstance(frame, HubAck)]
    assert sizes == [1000, 1000, 500]
    for frame in frames:
        assert decode(encode(frame), sender="hub") == frame


def test_a_gap_is_asked_for_once_until_there_is_progress() -> None:
    session, _ = open_session()
    assert session.hub.receive(slots(2)) == []
    assert acks_of(session) == (StreamAck(stream=CONTROL, next=0, resend=True),)
    assert session.hub.receive(slots(3)) == []
    assert session.hub.take_outbox() == []
    only(StoreRecord, session.hub.receive(slots(0)))
    assert session.hub.receive(slots(2)) == []
    assert acks_of(session) == (StreamAck(stream=CONTROL, next=0, resend=True),)


def test_a_log_frame_is_trimmed_to_what_is_new() -> None:
    session, _ = open_session()
    first = only(StoreLog, session.hub.receive(log(0, b"abcd")))
    assert (first.offset, first.data, first.next, first.execution_id) == (0, b"abcd", 4, EXECUTION)
    second = only(StoreLog, session.hub.receive(log(2, b"cdef")))
    assert (second.offset, second.data) == (4, b"ef")
    assert session.hub.receive(log(1, b"bcde")) == []
    assert session.hub.receive(log(7, b"hi")) == []
    assert acks_of(session) == (StreamAck(stream=LOG, next=0, resend=True),)


def test_a_log_frame_that_cannot_be_read_is_refused_and_stores_nothing() -> None:
    session, _ = open_session()
    broken = log(0, b"abc")
    for data in ("a", "ab=c", "äöüß", base64.b64encode(b"x" * 65537).decode()):
        payload = broken.payload.model_copy(update={"data": data})
        assert session.hub.receive(broken.model_copy(update={"payload": payload})) == []
        said = only(ProtocolErrorReply, session.hub.take_outbox()).payload
        assert (said.type_name, said.field, said.about) == (
            "thread:log",
            "payload.data",
            broken.id,
        )
    assert only(StoreLog, session.hub.receive(log(0, b"abc"))).data == b"abc"


def test_a_rollback_falls_back_to_what_was_committed_and_asks_again() -> None:
    session, _ = open_session()
    session.hub.receive(slots(0))
    session.hub.committed(CONTROL, 1)
    session.hub.receive(slots(1))
    session.hub.receive(log(0, b"abc"))
    acks_of(session)
    session.hub.rollback()
    assert acks_of(session) == (
        StreamAck(stream=CONTROL, next=1, resend=True),
        StreamAck(stream=LOG, next=0, resend=True),
    )
    assert only(StoreRecord, session.hub.receive(slots(1))).seq == 1


def test_a_rewind_takes_the_stream_again_from_there() -> None:
    session, _ = open_session()
    session.hub.receive(log(0, b"abc"))
    session.hub.committed(LOG, 3)
    acks_of(session)
    session.hub.rewind(LOG, 0)
    assert acks_of(session) == (StreamAck(stream=LOG, next=0, resend=True),)
    assert only(StoreLog, session.hub.receive(log(0, b"xyz"))).data == b"xyz"


def test_a_settled_stream_stays_settled() -> None:
    session, _ = open_session()
    session.hub.receive(slots(0))
    session.hub.committed(CONTROL, 1, settled=True)
    acks_of(session)
    session.hub.receive(slots(0))
    assert acks_of(session) == (StreamAck(stream=CONTROL, next=1, settled=True),)


def test_nothing_can_be_committed_that_was_never_handed_out() -> None:
    session, _ = open_session()
    with pytest.raises(ValueError, match="received up to 0, not up to 1"):
        session.hub.committed(CONTROL, 1)


# ---------------------------------------------------------------- the rest of a session


def test_a_heartbeat_is_echoed() -> None:
    session, _ = open_session()
    session.node.heartbeat(NodeLoad(running=2))
    event = only(HeartbeatReceived, session.to_hub())
    assert (event.n, event.load.running) == (1, 2)
    assert only(NodeHeartbeat, session.hub.take_outbox()).payload.n == 1


def test_a_command_wears_the_epoch_and_is_unanswered_until_its_reply() -> None:
    session, _ = open_session(epoch=7)
    session.hub.send_command(make_command(attempt=2))
    assert session.hub.unanswered == ((COMMAND_ID, 2),)
    sent = only(EnvironmentSync, session.hub.take_outbox())
    assert sent.epoch == 7
    session.node.receive(sent)
    session.node.reply(COMMAND_ID, 2, accepted=False, message="no such binding")
    event = only(CommandReplied, session.to_hub())
    assert event == CommandReplied(COMMAND_ID, 2, accepted=False, message="no such binding")
    assert session.hub.unanswered == ()


def test_a_frame_of_an_older_session_is_ignored() -> None:
    session, _ = open_session(epoch=3)
    assert session.hub.receive(slots(0, epoch=2)) == []
    assert session.hub.take_outbox() == []
    only(StoreRecord, session.hub.receive(slots(0, epoch=3)))


def test_a_frame_that_is_not_understood_is_named_and_the_session_goes_on() -> None:
    session, _ = open_session()
    text = encode(slots(0)).replace('"ready"', '"red"')
    assert session.hub.receive_text(text) == []
    said = only(ProtocolErrorReply, session.hub.take_outbox()).payload
    assert (said.type_name, said.field) == ("environment:slots", "payload.slots.red")
    only(StoreRecord, session.hub.receive(slots(0)))


def test_an_error_is_never_answered_with_an_error() -> None:
    session, _ = open_session()
    reply = MAKER.make(ProtocolErrorReply, ErrorPayload(message="what?"))
    assert only(Refused, session.hub.receive(reply)).payload.message == "what?"
    assert session.hub.receive_text(encode(reply).replace('"message"', '"massage"')) == []
    assert session.hub.take_outbox() == []


def test_a_node_that_opens_streams_without_end_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("openviber_protocol.hub_cursors.MAX_STREAMS", 1)
    session, _ = open_session()
    only(StoreRecord, session.hub.receive(slots(0)))
    assert only(Close, session.hub.receive(log(0, b"a"))).code == 4400
