"""What the two peers tell the programs around them."""

from dataclasses import dataclass
from uuid import UUID

from openviber_protocol.closing import CloseReason, code_of, fit_reason
from openviber_protocol.frames import (
    Command,
    ErrorPayload,
    HubChallenge,
    HubWelcome,
    NodeHello,
    RecordFrame,
)
from openviber_protocol.payloads import NodeLoad

# ---------------------------------------------------------------- both peers


@dataclass(frozen=True, slots=True)
class Close:
    """The session is over: send the outbox, then close the socket. Nothing is accepted any more."""

    reason: CloseReason
    detail: str

    @property
    def code(self) -> int:
        return code_of(self.reason)

    @property
    def text(self) -> str:
        """The close frame's reason, short enough to be sent."""
        return fit_reason(self.detail)


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side did not understand a frame of ours, and did nothing."""

    payload: ErrorPayload


# ---------------------------------------------------------------- the hub's


@dataclass(frozen=True, slots=True)
class HelloReceived:
    """A node says who it is. Verify its key's signature over `signed`, then welcome or refuse."""

    hello: NodeHello
    version: int
    signed: bytes


@dataclass(frozen=True, slots=True)
class StoreRecord:
    """A record that is new, and next in its stream. Commit it, then call `committed`."""

    stream: str
    seq: int
    frame: RecordFrame

    @property
    def next(self) -> int:
        return self.seq + 1


@dataclass(frozen=True, slots=True)
class StoreLog:
    """Bytes that are new, and next in their log. `data` never overlaps what was given before."""

    stream: str
    offset: int
    execution_id: UUID
    data: bytes

    @property
    def next(self) -> int:
        return self.offset + len(self.data)


@dataclass(frozen=True, slots=True)
class CommandReplied:
    """The node's stored reply to a command; a duplicate brings the same one again."""

    command_id: UUID
    attempt: int
    accepted: bool
    message: str


@dataclass(frozen=True, slots=True)
class HeartbeatReceived:
    """The node is alive; the echo is already in the outbox."""

    n: int
    load: NodeLoad


HubEvent = (
    HelloReceived | StoreRecord | StoreLog | CommandReplied | HeartbeatReceived | Refused | Close
)

# ---------------------------------------------------------------- the node's


@dataclass(frozen=True, slots=True)
class ChallengeReceived:
    """The hub waits for a hello. Sign `NodePeer.bytes_to_sign()`, then call `NodePeer.hello`."""

    challenge: HubChallenge


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The session is open. `Acked` events for the hub's cursors follow this one."""

    welcome: HubWelcome


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A command of this session. The inbox tells whether it is a duplicate; answer with `reply`."""

    frame: Command
    command_id: UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class Acked:
    """The hub has committed everything before `next`; once `settled`, the stream may be deleted."""

    stream: str
    next: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Rewound:
    """The hub asks for data again that it had acked, from `next` on: keep it, it will be resent."""

    stream: str
    next: int


@dataclass(frozen=True, slots=True)
class DataGone:
    """The hub asks from `asked` on, but the node no longer holds anything before `first`."""

    stream: str
    asked: int
    first: int


@dataclass(frozen=True, slots=True)
class Resending:
    """No ack came in time: `stream` is sent again from `start`."""

    stream: str
    start: int


@dataclass(frozen=True, slots=True)
class LinkDead:
    """The hub has been silent for `seconds`: drop the socket and connect again."""

    seconds: float


NodeEvent = (
    ChallengeReceived
    | Welcomed
    | CommandReceived
    | Acked
    | Rewound
    | DataGone
    | Resending
    | LinkDead
    | Refused
    | Close
)
