"""Every frame, and the one closed union of them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from openviber_protocol.frame import Frame, Position, ShortText, StreamName, Wire
from openviber_protocol.payloads import (
    BindingRef,
    Capabilities,
    EnvironmentSpec,
    ErrorReason,
    FileChange,
    LogFinal,
    NodeLoad,
    Phase,
    PhaseReport,
    Receipt,
    RunningExecution,
    SealedBundle,
    SlotReport,
    StreamAck,
    TimelineRecord,
    WireStatus,
)

# ---------------------------------------------------------------- hub to node


class ChallengePayload(Wire):
    """`nonce` is base64 of 32 random bytes; `origin` is the address the hub answers for."""

    nonce: str
    origin: str
    protocol_min: int
    protocol_max: int


class HubChallenge(Frame):
    type: Literal["hub:challenge"] = "hub:challenge"
    payload: ChallengePayload


class WelcomePayload(Wire):
    """`acks` answers every stream that the hello listed; windows are unacked bytes or records."""

    version: int
    epoch: Position
    heartbeat_seconds: float
    log_window_bytes: int
    event_window: int
    acks: tuple[StreamAck, ...] = ()
    superseded: tuple[UUID, ...] = ()
    """Executions that the board no longer wants: stop them and keep their end as evidence."""
    config_version: str = ""


class HubWelcome(Frame):
    type: Literal["hub:welcome"] = "hub:welcome"
    payload: WelcomePayload


class HubAckPayload(Wire):
    acks: tuple[StreamAck, ...]


class HubAck(Frame):
    type: Literal["hub:ack"] = "hub:ack"
    payload: HubAckPayload


class PreparePayload(Wire):
    """One attempt of provisioning a binding, or (`kind` spare) of filling one more slot of it."""

    binding_id: UUID
    environment_id: UUID
    prepare_id: UUID
    kind: Literal["prepare", "spare"] = "prepare"
    strategy: Literal["auto_clone", "existing_path"] = "auto_clone"
    existing_path: str = ""
    fast_forward: bool = False
    force: bool = False
    """Run everything even when the fingerprint is unchanged."""
    spec: EnvironmentSpec
    bundle: SealedBundle | None = None


class EnvironmentPrepare(Frame):
    type: Literal["environment:prepare"] = "environment:prepare"
    payload: PreparePayload


class SyncPayload(Wire):
    """All bindings of the node, now; whatever else the node keeps may go, never with unsaved work."""

    version: str
    bindings: tuple[BindingRef, ...]


class EnvironmentSync(Frame):
    type: Literal["environment:sync"] = "environment:sync"
    payload: SyncPayload


class CancelPayload(Wire):
    prepare_id: UUID
    reason: ErrorReason = ErrorReason.CANCELLED


class EnvironmentCancel(Frame):
    type: Literal["environment:cancel"] = "environment:cancel"
    payload: CancelPayload


class SubmitPayload(Wire):
    """One run: a message to carry out in the thread's workspace."""

    thread_id: UUID
    environment_id: UUID
    binding_id: UUID
    run_id: UUID
    executor: Literal["shell"] = "shell"
    text: str
    branch: str
    strategy: Literal["auto_clone", "existing_path"] = "auto_clone"
    existing_path: str = ""
    spec: EnvironmentSpec
    bundle: SealedBundle | None = None


class ThreadSubmit(Frame):
    type: Literal["thread:submit"] = "thread:submit"
    payload: SubmitPayload


class StopPayload(Wire):
    thread_id: UUID
    run_id: UUID
    reason: ErrorReason = ErrorReason.STOPPED


class ThreadStop(Frame):
    type: Literal["thread:stop"] = "thread:stop"
    payload: StopPayload


class ArchivePayload(Wire):
    """The thread is put away: its work is kept under a hidden ref and its slot is given back."""

    thread_id: UUID
    environment_id: UUID
    binding_id: UUID


class ThreadArchive(Frame):
    type: Literal["thread:archive"] = "thread:archive"
    payload: ArchivePayload


# ---------------------------------------------------------------- node to hub


class StreamState(Wire):
    """One stream that the node still holds: the first and the next position of its spool."""

    stream: StreamName
    acked: Position
    next: Position


class HelloPayload(Wire):
    """`signature` is base64 of Ed25519 over `canonical.hello_signed(...)`."""

    node_id: UUID
    protocol_min: int
    protocol_max: int
    daemon_version: str
    boot_id: str
    signing_key_id: str
    sealing_key_id: str
    hub_key_id: str
    features: tuple[str, ...] = ()
    streams: tuple[StreamState, ...] = ()
    running: tuple[RunningExecution, ...] = ()
    capabilities: Capabilities = Capabilities()
    config_version: str = ""
    signature: str


class NodeHello(Frame):
    type: Literal["node:hello"] = "node:hello"
    payload: HelloPayload


class HeartbeatPayload(Wire):
    n: Position
    load: NodeLoad = NodeLoad()


class NodeHeartbeat(Frame):
    """The hub answers with the same frame, same `n`."""

    type: Literal["node:heartbeat"] = "node:heartbeat"
    payload: HeartbeatPayload


class NodeAckPayload(Wire):
    """The stored reply to a command: the same for every duplicate of it."""

    accepted: bool
    message: ShortText = ""


class NodeAck(Frame):
    type: Literal["node:ack"] = "node:ack"
    payload: NodeAckPayload


class StatusPayload(Wire):
    """Where a prepare is. The last one of an attempt has `log` set, and says `ready` or `error`."""

    binding_id: UUID
    prepare_id: UUID
    status: WireStatus
    phase: Phase | None = None
    phases: tuple[PhaseReport, ...] = ()
    reason: ErrorReason | None = None
    message: ShortText = ""
    noop: bool = False
    resolved_working_dir: str = ""
    fingerprint: dict[str, str] = {}
    receipt: Receipt | None = None
    slots: SlotReport | None = None
    redacted: int = 0
    """Secrets masked in the log so far."""
    log: LogFinal | None = None


class EnvironmentStatus(Frame):
    type: Literal["environment:status"] = "environment:status"
    payload: StatusPayload


class LogPayload(Wire):
    """Redacted bytes of a log, base64, at most 64 KiB; their offset is the frame's `seq`."""

    execution_id: UUID
    data: Annotated[str, Field(max_length=90_000)]


class EnvironmentLog(Frame):
    type: Literal["environment:log"] = "environment:log"
    payload: LogPayload


class ThreadLog(Frame):
    type: Literal["thread:log"] = "thread:log"
    payload: LogPayload


class StartedPayload(Wire):
    thread_id: UUID
    run_id: UUID
    working_dir: str
    branch: str
    base_commit: str = ""
    slot: int | None = None
    slots: SlotReport | None = None


class ThreadStarted(Frame):
    type: Literal["thread:started"] = "thread:started"
    payload: StartedPayload


class ProgressPayload(Wire):
    thread_id: UUID
    run_id: UUID
    records: tuple[TimelineRecord, ...]


class ThreadProgress(Frame):
    type: Literal["thread:progress"] = "thread:progress"
    payload: ProgressPayload


class CompletedPayload(Wire):
    """The run's process ended by itself, with whatever exit code."""

    thread_id: UUID
    run_id: UUID
    exit_code: int
    duration_ms: int
    files: tuple[FileChange, ...] = ()
    redacted: int = 0
    log: LogFinal


class ThreadCompleted(Frame):
    type: Literal["thread:completed"] = "thread:completed"
    payload: CompletedPayload


class ThreadErrorPayload(Wire):
    """The run did not end by itself, or could not start."""

    thread_id: UUID
    run_id: UUID
    reason: ErrorReason
    message: ShortText
    exit_code: int | None = None
    duration_ms: int = 0
    files: tuple[FileChange, ...] = ()
    redacted: int = 0
    log: LogFinal | None = None


class ThreadError(Frame):
    type: Literal["thread:error"] = "thread:error"
    payload: ThreadErrorPayload


class SlotsPayload(Wire):
    slots: SlotReport


class EnvironmentSlots(Frame):
    """The slots of a binding changed outside an attempt; rides on the control stream."""

    type: Literal["environment:slots"] = "environment:slots"
    payload: SlotsPayload


# ---------------------------------------------------------------- both ways


class ErrorPayload(Wire):
    """A frame was not understood: `about` is its id, `field` a path inside it. Nothing was done."""

    about: UUID | None = None
    type_name: ShortText = ""
    field: ShortText = ""
    message: ShortText


class ProtocolErrorReply(Frame):
    type: Literal["error"] = "error"
    payload: ErrorPayload


HubFrame = (
    HubChallenge
    | HubWelcome
    | HubAck
    | NodeHeartbeat
    | EnvironmentPrepare
    | EnvironmentSync
    | EnvironmentCancel
    | ThreadSubmit
    | ThreadStop
    | ThreadArchive
    | ProtocolErrorReply
)
"""What a hub may send."""

NodeFrame = (
    NodeHello
    | NodeHeartbeat
    | NodeAck
    | EnvironmentStatus
    | EnvironmentLog
    | EnvironmentSlots
    | ThreadStarted
    | ThreadProgress
    | ThreadLog
    | ThreadCompleted
    | ThreadError
    | ProtocolErrorReply
)
"""What a node may send."""

Command = (
    EnvironmentPrepare
    | EnvironmentSync
    | EnvironmentCancel
    | ThreadSubmit
    | ThreadStop
    | ThreadArchive
)
"""Frames that come from the hub's outbox and are answered by one `node:ack`."""

StreamFrame = (
    EnvironmentStatus
    | EnvironmentLog
    | EnvironmentSlots
    | ThreadStarted
    | ThreadProgress
    | ThreadLog
    | ThreadCompleted
    | ThreadError
)
"""Frames that the node keeps until the hub has committed them."""

AnyFrame = Annotated[HubFrame | NodeFrame, Field(discriminator="type")]

FRAME: TypeAdapter[HubFrame | NodeFrame] = TypeAdapter(AnyFrame)
