"""What the frames of the node carry, the error reply of both sides included."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from openviber_protocol.frame import Position, ShortText, StreamName, Wire
from openviber_protocol.payloads import (
    Capabilities,
    ErrorReason,
    FileChange,
    LogFinal,
    NodeLoad,
    Phase,
    PhaseReport,
    Receipt,
    RunningExecution,
    SlotReport,
    TimelineRecord,
    WireStatus,
)


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


class HeartbeatPayload(Wire):
    """`n` counts up within a connection; the echo carries no load."""

    n: Position
    load: NodeLoad = NodeLoad()


class NodeAckPayload(Wire):
    """The stored reply to a command: the same for every duplicate of it."""

    accepted: bool
    message: ShortText = ""


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
    fingerprint: dict[str, str] = Field(default_factory=dict[str, str])
    receipt: Receipt | None = None
    slots: SlotReport | None = None
    redacted: int = 0
    """Secrets masked in the log so far."""
    log: LogFinal | None = None


class LogPayload(Wire):
    """Redacted bytes of a log, base64, at most 64 KiB; their offset is the frame's `seq`."""

    execution_id: UUID
    data: Annotated[str, Field(max_length=90_000)]


class StartedPayload(Wire):
    """Where a run works."""

    thread_id: UUID
    run_id: UUID
    working_dir: str
    branch: str
    base_commit: str = ""
    slot: int | None = None
    slots: SlotReport | None = None


class ProgressPayload(Wire):
    """Records in the order in which they apply."""

    thread_id: UUID
    run_id: UUID
    records: tuple[TimelineRecord, ...]


class CompletedPayload(Wire):
    """The run's process ended by itself, with whatever exit code."""

    thread_id: UUID
    run_id: UUID
    exit_code: int
    duration_ms: int
    files: tuple[FileChange, ...] = ()
    redacted: int = 0
    log: LogFinal


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


class SlotsPayload(Wire):
    """The slots as they are now."""

    slots: SlotReport


class RedactionTestedPayload(Wire):
    """How many forms of made-up secrets were printed and masked; `missed` names the others."""

    test_id: UUID
    tried: Position
    masked: Position
    missed: tuple[ShortText, ...] = ()


class ErrorPayload(Wire):
    """A frame was not understood: `about` is its id, `field` a path inside it. Nothing was done."""

    about: UUID | None = None
    type_name: ShortText = ""
    field: ShortText = ""
    message: ShortText
