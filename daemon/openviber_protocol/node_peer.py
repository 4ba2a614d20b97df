"""The node's side of one connection, as pure rules: frames in, events out, replies in an outbox.

The order of a connection: `open_stream` for everything in the spool > (challenge arrives)
`ChallengeReceived` > `bytes_to_sign`, `hello` > `Welcomed` > `next_send` / `sent` in a loop. One
NodePeer serves one connection and is thrown away with it; what must survive is in the spool.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any, Literal, assert_never
from uuid import UUID

from openviber_protocol.closing import CloseReason
from openviber_protocol.codec import Refusal, decode
from openviber_protocol.events import (
    ChallengeReceived,
    Close,
    CommandReceived,
    LinkDead,
    NodeEvent,
    Refused,
    Resending,
    Welcomed,
)
from openviber_protocol.frame import MAX_LOG_BYTES, PROTOCOL_MAX, PROTOCOL_MIN
from openviber_protocol.frames import (
    Command,
    EnvironmentCancel,
    EnvironmentPrepare,
    EnvironmentSync,
    HubAck,
    HubChallenge,
    HubFrame,
    HubWelcome,
    KeysRotate,
    LogFrame,
    NodeAck,
    NodeFrame,
    NodeHeartbeat,
    NodeHello,
    ProtocolErrorReply,
    RecordFrame,
    RedactionTest,
    ThreadArchive,
    ThreadStop,
    ThreadSubmit,
)
from openviber_protocol.json_guard import BadFrameError
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_acks import ProtocolViolationError, apply_ack, check_ack
from openviber_protocol.node_cursors import SendQueue, SendSlot, Windows
from openviber_protocol.node_hello import NodeIdentity
from openviber_protocol.node_payloads import (
    ErrorPayload,
    HeartbeatPayload,
    NodeAckPayload,
    StreamState,
)
from openviber_protocol.payloads import Capabilities, NodeLoad, RunningExecution, StreamAck
from openviber_protocol.spooled import make_log, make_record
from openviber_protocol.streams import command_key, is_log
from openviber_protocol.versions import choose_version, describe_mismatch

MAX_EARLY_FRAMES = 64
"""Frames that overtook the welcome and wait for it."""

MISSED_HEARTBEATS = 3


class _State(Enum):
    WAITING = auto()
    CHALLENGED = auto()
    GREETING = auto()
    OPEN = auto()
    CLOSED = auto()


class NodePeer:
    """Decides what a node does with the frames of its hub; does no I/O."""

    def __init__(
        self,
        *,
        maker: FrameMaker,
        identity: NodeIdentity,
        origin: str | None = None,
        resend_after: float = 5.0,
        versions: tuple[int, int] = (PROTOCOL_MIN, PROTOCOL_MAX),
    ) -> None:
        """`origin`, when given, must be the challenge's: a relay of another board is hung up on."""
        self.epoch: int | None = None
        self.nonce = ""
        self._maker = maker
        self._identity = identity
        self._origin = origin
        self._resend_after = resend_after
        self._versions = versions
        self._state = _State.WAITING
        self._challenge: HubChallenge | None = None
        self._queue = SendQueue()
        self._early: list[HubFrame] = []
        self._outbox: list[NodeFrame] = []
        self._beats = 0
        self._heartbeat_seconds = 0.0
        self._heard = True
        self._heard_at: float | None = None

    # ------------------------------------------------------------ the opening

    @property
    def is_open(self) -> bool:
        """Between the welcome and the close."""
        return self._state is _State.OPEN

    def bytes_to_sign(self) -> bytes:
        """Return what the node's Ed25519 key signs; only after `ChallengeReceived`."""
        if self._challenge is None:
            raise RuntimeError("there is no challenge to answer yet")
        return self._identity.bytes_to_sign(self._challenge)

    def hello(
        self,
        signature: bytes,
        *,
        running: Sequence[RunningExecution] = (),
        capabilities: Capabilities | None = None,
        config_version: str = "",
    ) -> None:
        """Put `node:hello` into the outbox, with every stream opened so far."""
        if self._state is not _State.CHALLENGED:
            raise RuntimeError(f"a hello answers a challenge; the connection is {self._state.name}")
        states: list[StreamState] = []
        for stream, cursor in self._queue.items():
            cursor.high = cursor.available  # an earlier connection may have sent all of it
            states.append(StreamState(stream=stream, acked=cursor.acked, next=cursor.available))
        payload = self._identity.hello(
            signature,
            versions=self._versions,
            streams=states,
            running=running,
            capabilities=capabilities,
            config_version=config_version,
        )
        self._state = _State.GREETING
        self._outbox.append(self._maker.make(NodeHello, payload))

    # ------------------------------------------------------------ frames in

    def receive_text(self, text: str | bytes) -> list[NodeEvent]:
        """Decode one message and receive it; text that is no frame ends in `Close` (4400)."""
        if self._state is _State.CLOSED:
            return []
        try:
            return self.receive(decode(text, sender="hub"))
        except BadFrameError as error:
            return [self._close(CloseReason.BAD_FRAME, str(error))]

    def receive(self, frame: HubFrame | Refusal) -> list[NodeEvent]:
        """Receive one decoded frame."""
        match frame:
            case _ if self._state is _State.CLOSED:
                return []
            case Refusal():
                return self._receive_refusal(frame)
            case HubChallenge():
                return self._receive_challenge(frame)
            case HubWelcome():
                return self._receive_welcome(frame)
            case ProtocolErrorReply():
                return [Refused(frame.payload)]
            case _ if self._state is _State.OPEN:
                return self._receive_open(frame)
            case _ if self._state is _State.GREETING and len(self._early) < MAX_EARLY_FRAMES:
                self._early.append(frame)  # it overtook the welcome, and is read after it
                return []
            case _:
                return [self._close(CloseReason.BAD_FRAME, f"{frame.type} came before hub:welcome")]

    def _receive_refusal(self, refusal: Refusal) -> list[NodeEvent]:
        said = refusal.payload
        if self._state is _State.WAITING:
            if refusal.versions and choose_version(self._versions, refusal.versions) is None:
                detail = describe_mismatch(refusal.versions, self._versions)
                return [self._close(CloseReason.UPGRADE, detail)]
            detail = f"{said.type_name or 'the frame'}: {said.field}: {said.message}"
            return [self._close(CloseReason.BAD_FRAME, detail)]
        self._complain(said)
        return []

    def _receive_challenge(self, frame: HubChallenge) -> list[NodeEvent]:
        if self._challenge is not None:
            if frame.id == self._challenge.id:
                return []  # the same one, delivered twice
            return [self._close(CloseReason.BAD_FRAME, "a second, different hub:challenge came")]
        if self._origin is not None and frame.payload.origin != self._origin:
            detail = (
                f"the board answers for {frame.payload.origin}, this node dialled {self._origin}"
            )
            return [self._close(CloseReason.AUTH, detail)]
        self._challenge, self.nonce = frame, frame.payload.nonce
        self._state = _State.CHALLENGED
        return [ChallengeReceived(frame)]

    def _receive_welcome(self, frame: HubWelcome) -> list[NodeEvent]:
        if self._state is _State.OPEN:
            return []  # the same one, delivered twice
        said = frame.payload
        if self._state is not _State.GREETING:
            return [self._close(CloseReason.BAD_FRAME, "hub:welcome came before node:hello")]
        if not self._versions[0] <= said.version <= self._versions[1]:
            detail = f"the board chose protocol {said.version}, which this node did not offer"
            return [self._close(CloseReason.BAD_FRAME, detail)]
        self._state, self.epoch = _State.OPEN, said.epoch
        self._heartbeat_seconds = said.heartbeat_seconds
        self._queue.windows = Windows(said.log_window_bytes, said.event_window)
        events: list[NodeEvent] = [Welcomed(frame), *self._receive_acks(said.acks)]
        for stream, cursor in self._queue.items():
            cursor.high = cursor.acked  # from here on, only this connection's sends can be acked
            self._queue.refresh(stream)
        early, self._early = self._early, []
        for late in early:
            events.extend(self.receive(late))
        return events

    def _receive_open(self, frame: HubAck | NodeHeartbeat | Command) -> list[NodeEvent]:
        if frame.epoch is not None and frame.epoch != self.epoch:
            return []  # it was made for a session that is over
        match frame:
            case HubAck():
                self._heard = True
                return self._receive_acks(frame.payload.acks)
            case NodeHeartbeat():
                self._heard = True
                return []
            case (
                EnvironmentPrepare()
                | EnvironmentSync()
                | EnvironmentCancel()
                | ThreadSubmit()
                | ThreadStop()
                | ThreadArchive()
                | KeysRotate()
                | RedactionTest()
            ):
                return self._receive_command(frame)
            case _:
                assert_never(frame)

    def _receive_command(self, frame: Command) -> list[NodeEvent]:
        if frame.epoch is None:  # then nothing says that it was meant for this session
            said = ErrorPayload(
                about=frame.id, type_name=frame.type, field="epoch", message="field required"
            )
            self._complain(said)
            return []
        return [CommandReceived(frame, *command_key(frame))]

    def _receive_acks(self, acks: Sequence[StreamAck]) -> list[NodeEvent]:
        try:
            for ack in acks:
                check_ack(self._queue, ack)
        except ProtocolViolationError as error:
            return [self._close(CloseReason.BAD_FRAME, str(error))]
        return [event for ack in acks for event in apply_ack(self._queue, ack)]

    # ------------------------------------------------------------ streams

    def open_stream(self, stream: str, *, acked: int, available: int, first: int = 0) -> None:
        """Register a stream: acked so far, end of what is there, first position still held."""
        self._queue.open(stream, first=first, acked=acked, available=available)

    def extend(self, stream: str, available: int) -> None:
        """The stream now ends at `available`; opens it at 0 if it is new."""
        if stream not in self._queue:
            self._queue.open(stream, first=0, acked=0, available=available)
        else:
            self._queue.extend(stream, available)

    def trim(self, stream: str, first: int) -> None:
        """The caller deleted what was before `first`; never more than was acked."""
        cursor = self._queue[stream]
        if first > cursor.acked:
            raise ValueError(f"{stream} is acked up to {cursor.acked}, and was cut at {first}")
        cursor.first = max(cursor.first, first)

    def close_stream(self, stream: str) -> None:
        """Forget a stream that no longer exists."""
        self._queue.close(stream)

    def next_send(self) -> SendSlot | None:
        """What to send now: control, then records, then logs, each round robin under its window."""
        if self._state is not _State.OPEN or (stream := self._queue.next_stream()) is None:
            return None
        start, limit = self._queue.sendable(stream)
        budget = min(limit - start, MAX_LOG_BYTES) if is_log(stream) else limit - start
        return SendSlot(stream, start, budget)

    def sendable(self, stream: str) -> tuple[int, int]:
        """Return (start, limit): the positions of one stream that may be sent now."""
        return self._queue.sendable(stream)

    def sent(self, stream: str, count: int) -> None:
        """`count` records or bytes from `sendable`'s start on were handed to the socket."""
        self._queue.sent(stream, count)

    def record_frame(
        self, stream: str, seq: int, *, type_name: str, payload: Mapping[str, Any]
    ) -> RecordFrame:
        """Make the frame of one spooled record; `payload` is its wire (camelCase) form.

        Raises:
            pydantic.ValidationError: The record is not one of this protocol's.
        """
        return make_record(
            self._maker,
            stream=stream,
            seq=seq,
            type_name=type_name,
            payload=payload,
            epoch=self.epoch,
        )

    def log_frame(
        self, stream: str, offset: int, data: bytes, *, kind: Literal["prepare", "run"]
    ) -> LogFrame:
        """Make the frame of at most 64 KiB of log."""
        return make_log(
            self._maker, stream=stream, offset=offset, data=data, kind=kind, epoch=self.epoch
        )

    # ------------------------------------------------------------ replies and time

    def reply(self, command_id: UUID, attempt: int, *, accepted: bool, message: str = "") -> None:
        """Put `node:ack` into the outbox: the stored reply, the same for every duplicate."""
        payload = NodeAckPayload(accepted=accepted, message=message)
        frame = self._maker.make(
            NodeAck, payload, command_id=command_id, attempt=attempt, epoch=self.epoch
        )
        self._outbox.append(frame)

    def heartbeat(self, load: NodeLoad | None = None) -> None:
        """Put the next heartbeat into the outbox; call every `welcome.heartbeat_seconds`."""
        if self._state is not _State.OPEN:
            return
        self._beats += 1
        payload = HeartbeatPayload(n=self._beats, load=load or NodeLoad())
        self._outbox.append(self._maker.make(NodeHeartbeat, payload, epoch=self.epoch))

    def tick(self, now: float) -> list[NodeEvent]:
        """Look at the time (monotonic), about once a second: resends, and finds a dead link."""
        if self._state is not _State.OPEN:
            return []
        if self._heard or self._heard_at is None:
            self._heard, self._heard_at = False, now
        silence = now - self._heard_at
        if silence >= MISSED_HEARTBEATS * self._heartbeat_seconds:
            self._state = _State.CLOSED
            return [LinkDead(silence)]
        late = self._queue.overdue(now, self._resend_after)
        return [Resending(stream, self._queue[stream].sent) for stream in late]

    def take_outbox(self) -> list[NodeFrame]:
        """Take the frames to be sent now, in order; they go before anything of `next_send`."""
        out, self._outbox = self._outbox, []
        return out

    # ------------------------------------------------------------ within

    def _complain(self, said: ErrorPayload) -> None:
        if said.type_name != "error":  # or two peers that disagree would never stop talking
            self._outbox.append(self._maker.make(ProtocolErrorReply, said, epoch=self.epoch))

    def _close(self, reason: CloseReason, detail: str) -> Close:
        self._state = _State.CLOSED
        return Close(reason, detail)
