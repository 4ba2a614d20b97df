"""The hub's side of one connection, as pure rules: frames in, events out, replies in an outbox.

The order of a connection: `start` > (hello arrives) `HelloReceived` > `welcome` or `refuse` >
frames both ways. One HubPeer serves one connection and is thrown away with it.
"""

import base64
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import assert_never
from uuid import UUID

from openviber_protocol.canonical import hello_signed
from openviber_protocol.closing import CloseReason
from openviber_protocol.codec import Refusal, decode
from openviber_protocol.events import (
    Close,
    CommandReplied,
    HeartbeatReceived,
    HelloReceived,
    HubEvent,
    Refused,
    StoreLog,
    StoreRecord,
)
from openviber_protocol.frame import MAX_LOG_BYTES, PROTOCOL_MAX, PROTOCOL_MIN
from openviber_protocol.frames import (
    ChallengePayload,
    Command,
    EnvironmentLog,
    EnvironmentSlots,
    EnvironmentStatus,
    ErrorPayload,
    HeartbeatPayload,
    HubAck,
    HubAckPayload,
    HubChallenge,
    HubFrame,
    HubWelcome,
    LogFrame,
    NodeAck,
    NodeFrame,
    NodeHeartbeat,
    NodeHello,
    ProtocolErrorReply,
    RecordFrame,
    RedactionTested,
    ThreadCompleted,
    ThreadError,
    ThreadLog,
    ThreadProgress,
    ThreadStarted,
    WelcomePayload,
)
from openviber_protocol.hub_cursors import HubCursors
from openviber_protocol.json_guard import BadFrameError
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_payloads import StreamState
from openviber_protocol.payloads import HubKeyLink, StreamAck
from openviber_protocol.streams import command_key, position_of
from openviber_protocol.versions import choose_version, describe_mismatch

ACKS_A_FRAME = 1000  # about 100 bytes each, well inside a frame


class _State(Enum):
    NEW = auto()
    CHALLENGED = auto()
    GREETED = auto()
    OPEN = auto()
    CLOSED = auto()


class HubPeer:
    """Decides what a hub does with the frames of one node; does no I/O."""

    def __init__(
        self,
        *,
        maker: FrameMaker,
        nonce: str,
        origin: str,
        versions: tuple[int, int] = (PROTOCOL_MIN, PROTOCOL_MAX),
        keys: Sequence[HubKeyLink] = (),
    ) -> None:
        """`nonce` is base64 of 32 random bytes; `origin` is the address the hub answers for.

        `keys` are the changes of the board's key, for nodes that were away meanwhile.
        """
        self._keys = tuple(keys)
        self.nonce = nonce
        self.origin = origin
        self.versions = versions
        self.epoch: int | None = None
        self._maker = maker
        self._state = _State.NEW
        self._hello: NodeHello | None = None
        self._version = versions[1]
        self._cursors = HubCursors()
        self._unanswered: dict[tuple[UUID, int], None] = {}
        self._outbox: list[HubFrame] = []

    # ------------------------------------------------------------ what the caller may ask

    @property
    def is_open(self) -> bool:
        """Between `welcome` and the close."""
        return self._state is _State.OPEN

    @property
    def boot_id(self) -> str:
        """Which start of a daemon said hello; empty before that."""
        return self._hello.payload.boot_id if self._hello else ""

    @property
    def unanswered(self) -> tuple[tuple[UUID, int], ...]:
        """(command id, attempt) of the commands sent on this connection that have no reply yet."""
        return tuple(self._unanswered)

    def shrunk(self, acks: Iterable[StreamAck]) -> tuple[StreamState, ...]:
        """List the streams that end before what the hub committed: the node's disk lost a tail.

        Delete the rows from each one's `next` on before `welcome`, which resumes there.
        """
        committed = {ack.stream: ack.next for ack in acks}
        streams = self._hello.payload.streams if self._hello else ()
        return tuple(state for state in streams if committed.get(state.stream, 0) > state.next)

    # ------------------------------------------------------------ the opening

    def start(self) -> None:
        """Put `hub:challenge` into the outbox. Call once."""
        self._expect(_State.NEW)
        self._state = _State.CHALLENGED
        low, high = self.versions
        self._send(
            self._maker.make(
                HubChallenge,
                ChallengePayload(
                    nonce=self.nonce,
                    origin=self.origin,
                    protocol_min=low,
                    protocol_max=high,
                    keys=self._keys or None,
                ),
            )
        )

    def welcome(  # noqa: PLR0913 - the fields of the frame
        self,
        *,
        epoch: int,
        acks: Sequence[StreamAck],
        heartbeat_seconds: float,
        log_window_bytes: int,
        event_window: int,
        superseded: Sequence[UUID] = (),
        config_version: str = "",
    ) -> None:
        """Open the session; call after the signature was verified.

        `acks` are the committed cursors of this node: of every stream that the hello lists, and of
        every other stream that the hub holds unsettled. A stream that is in neither starts at 0.
        """
        self._expect(_State.GREETED)
        held = {state.stream: state for state in self._hello.payload.streams} if self._hello else {}
        answers: list[StreamAck] = []
        for ack in [*acks, *_absent(held, acks)]:
            answer = _answer(ack, held.get(ack.stream))
            self._cursors.load(answer)
            if ack.stream in held:
                answers.append(answer)
        self._state, self.epoch = _State.OPEN, epoch
        payload = WelcomePayload(
            version=self._version,
            epoch=epoch,
            heartbeat_seconds=heartbeat_seconds,
            log_window_bytes=log_window_bytes,
            event_window=event_window,
            acks=tuple(answers),
            superseded=tuple(superseded),
            config_version=config_version,
        )
        self._send(self._maker.make(HubWelcome, payload, epoch=epoch))

    def refuse(self, reason: CloseReason, detail: str) -> Close:
        """End the connection, now or later (4401, 4403, 4409, 1012, 1013 ...)."""
        self._state = _State.CLOSED
        return Close(reason, detail)

    # ------------------------------------------------------------ frames in

    def receive_text(self, text: str | bytes) -> list[HubEvent]:
        """Decode one message and receive it; text that is no frame ends in `Close` (4400)."""
        if self._state is _State.CLOSED:
            return []
        try:
            return self.receive(decode(text, sender="node"))
        except BadFrameError as error:
            return [self.refuse(CloseReason.BAD_FRAME, str(error))]

    def receive(self, frame: NodeFrame | Refusal) -> list[HubEvent]:
        """Receive one decoded frame."""
        if self._state is _State.CLOSED:
            return []
        if self._hello is None or self._state is not _State.OPEN:
            return self._receive_opening(frame)
        if isinstance(frame, Refusal):
            self._complain(frame.payload)
            return []
        if frame.epoch is not None and frame.epoch != self.epoch:
            return []  # it was made for a session that is over
        return self._receive_open(frame)

    def _receive_opening(self, frame: NodeFrame | Refusal) -> list[HubEvent]:
        if isinstance(frame, Refusal):
            self._complain(frame.payload)
            if frame.versions and choose_version(self.versions, frame.versions) is None:
                return [self._upgrade(frame.versions)]
            said = frame.payload
            detail = f"{said.type_name or 'the frame'}: {said.field}: {said.message}"
            return [self.refuse(CloseReason.BAD_FRAME, detail)]
        if not isinstance(frame, NodeHello):
            detail = f"node:hello must come first, and then the welcome, but {frame.type} came"
            return [self.refuse(CloseReason.BAD_FRAME, detail)]
        if self._hello is not None:
            return self._second_hello(frame)
        theirs = (frame.payload.protocol_min, frame.payload.protocol_max)
        version = choose_version(self.versions, theirs)
        if version is None:
            return [self._upgrade(theirs)]
        self._expect(_State.CHALLENGED)
        self._hello, self._version, self._state = frame, version, _State.GREETED
        said = frame.payload
        signed = hello_signed(
            nonce=self.nonce,
            origin=self.origin,
            node_id=said.node_id,
            boot_id=said.boot_id,
            sealing_key_id=said.sealing_key_id,
        )
        return [HelloReceived(frame, version, signed)]

    def _receive_open(self, frame: NodeFrame) -> list[HubEvent]:
        match frame:
            case NodeHello():
                return self._second_hello(frame)
            case NodeHeartbeat():
                echo = HeartbeatPayload(n=frame.payload.n)
                self._send(self._maker.make(NodeHeartbeat, echo, epoch=self.epoch))
                return [HeartbeatReceived(frame.payload.n, frame.payload.load)]
            case NodeAck():
                key = command_key(frame)
                self._unanswered.pop(key, None)
                return [CommandReplied(*key, frame.payload.accepted, frame.payload.message)]
            case EnvironmentLog() | ThreadLog():
                return self._receive_log(frame)
            case (
                EnvironmentStatus()
                | EnvironmentSlots()
                | ThreadStarted()
                | ThreadProgress()
                | ThreadCompleted()
                | ThreadError()
                | RedactionTested()
            ):
                return self._receive_record(frame)
            case ProtocolErrorReply():
                return [Refused(frame.payload)]
            case _:
                assert_never(frame)

    def _receive_record(self, frame: RecordFrame) -> list[HubEvent]:
        stream, seq = position_of(frame)
        try:
            known = self._cursors.offer(stream, seq, 1)
        except OverflowError as error:
            return [self.refuse(CloseReason.BAD_FRAME, str(error))]
        return [StoreRecord(stream, seq, frame)] if known == 0 else []

    def _receive_log(self, frame: LogFrame) -> list[HubEvent]:
        stream, offset = position_of(frame)
        try:
            data = base64.b64decode(frame.payload.data, validate=True)
        except ValueError:
            return self._refuse_log(frame, "this is not base64")
        if len(data) > MAX_LOG_BYTES:
            return self._refuse_log(frame, f"more than {MAX_LOG_BYTES} bytes of log in one frame")
        try:
            known = self._cursors.offer(stream, offset, len(data))
        except OverflowError as error:
            return [self.refuse(CloseReason.BAD_FRAME, str(error))]
        if known is None or known == len(data):
            return []
        return [StoreLog(stream, offset + known, frame.payload.execution_id, data[known:])]

    def _refuse_log(self, frame: LogFrame, message: str) -> list[HubEvent]:
        said = ErrorPayload(
            about=frame.id, type_name=frame.type, field="payload.data", message=message
        )
        self._complain(said)
        return []

    def _second_hello(self, frame: NodeHello) -> list[HubEvent]:
        if self._hello is not None and frame.id == self._hello.id:
            return []  # the same one, delivered twice
        return [self.refuse(CloseReason.BAD_FRAME, "a second, different node:hello came")]

    # ------------------------------------------------------------ frames out

    def send_command(self, frame: Command) -> None:
        """Queue a command for the node, stamped with the session's epoch; only after `welcome`."""
        self._expect(_State.OPEN)
        self._unanswered[command_key(frame)] = None
        self._send(frame.model_copy(update={"epoch": self.epoch}))

    def committed(self, stream: str, position: int, *, settled: bool = False) -> None:
        """Everything before `position` is durable: ack it. `settled`: complete and verified too.

        Raises:
            ValueError: The peer never handed out what is said to be committed.
        """
        self._cursors.commit(stream, position, settled=settled)

    def rollback(self) -> None:
        """The transaction failed: forget what was received but not committed, ask for it again."""
        self._cursors.rollback()

    def rewind(self, stream: str, position: int) -> None:
        """The rows of `stream` from `position` on were deleted: ask for them again."""
        self._cursors.rewind(stream, position)

    def take_outbox(self) -> list[HubFrame]:
        """Take what is to be sent now, in order; all acks are coalesced into one `hub:ack`."""
        out, self._outbox = self._outbox, []
        if self._state is not _State.OPEN:
            return out
        acks = self._cursors.take_acks()
        for start in range(0, len(acks), ACKS_A_FRAME):
            payload = HubAckPayload(acks=acks[start : start + ACKS_A_FRAME])
            out.append(self._maker.make(HubAck, payload, epoch=self.epoch))
        return out

    # ------------------------------------------------------------ within

    def _send(self, frame: HubFrame) -> None:
        self._outbox.append(frame)

    def _complain(self, said: ErrorPayload) -> None:
        if said.type_name != "error":  # or two peers that disagree would never stop talking
            self._send(self._maker.make(ProtocolErrorReply, said, epoch=self.epoch))

    def _upgrade(self, theirs: tuple[int, int]) -> Close:
        return self.refuse(CloseReason.UPGRADE, describe_mismatch(self.versions, theirs))

    def _expect(self, state: _State) -> None:
        if self._state is not state:
            raise RuntimeError(f"this needs a {state.name} connection; it is {self._state.name}")


def _absent(held: dict[str, StreamState], acks: Sequence[StreamAck]) -> list[StreamAck]:
    given = {ack.stream for ack in acks}
    return [StreamAck(stream=stream, next=0) for stream in held if stream not in given]


def _answer(ack: StreamAck, state: StreamState | None) -> StreamAck:
    """Fit a cursor to what the node says it holds: ask for more, or go back to the node's end."""
    if state is None:
        return ack
    position = min(ack.next, state.next)
    return StreamAck(
        stream=ack.stream,
        next=position,
        settled=ack.settled and position == ack.next,
        resend=position < state.acked or position < ack.next,
    )
