"""The values that frames carry: specifications, phases, receipts, timeline records."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from openviber_protocol.frame import Position, ShortText, StreamName, Wire


class WireStatus(StrEnum):
    """What `environment:status` says of a prepare."""

    PREPARING = "preparing"
    READY = "ready"
    ERROR = "error"


class ErrorReason(StrEnum):
    """Why an execution ended without doing its work."""

    FAILED = "failed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    LOST = "lost"


class Phase(StrEnum):
    """The phases of a prepare, in their order."""

    RESOLVE = "resolve"
    FETCH = "fetch"
    CHECKOUT = "checkout"
    INJECT = "inject"
    SETUP = "setup"
    CHECK = "check"


class PhaseStatus(StrEnum):
    """Where a phase is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class PhaseReport(Wire):
    """One phase. `detail` is one line for a person; `log_start` is a byte offset in the log."""

    name: Phase
    status: PhaseStatus
    duration_ms: int | None = None
    detail: ShortText = ""
    log_start: Position = 0


class SecretRef(Wire):
    """A secret by name; the value travels only inside a sealed bundle."""

    name: str
    version: int
    scope: Literal["setup", "runtime", "both"] = "both"


class SetupSpec(Wire):
    """How a workspace becomes usable. `time_limit_seconds` holds for each script."""

    mode: Literal["auto", "manual"] = "auto"
    script: str = ""
    maintenance_script: str = ""
    check_command: str = ""
    time_limit_seconds: Annotated[int, Field(ge=1, le=24 * 3600)] = 1200


class EnvironmentSpec(Wire):
    """Everything a node needs to know of an environment; holds no secret value."""

    environment_id: UUID
    owner_id: UUID
    name: str
    type: Literal["github", "local", "manual"]
    repo_url: str = ""
    repo_branch: str = ""
    local_path: str = ""
    working_dir: str = ""
    submodules: bool = False
    use_node_credentials: bool = False
    setup: SetupSpec = SetupSpec()
    variables: dict[str, str] = Field(default_factory=dict[str, str])
    secrets: tuple[SecretRef, ...] = ()
    persist_volume: bool = False
    network_access: bool = True
    container_image: str = ""
    author_name: str = "OpenViber"
    author_email: str = "openviber@localhost"
    allowed_hosts: tuple[str, ...] = ()
    """Git hosts (`host` or `host:port`) that the owner named, and whole addresses.

    Plain http and private addresses are allowed there."""
    fingerprint: dict[str, str] = Field(default_factory=dict[str, str])
    """The board's parts of the fingerprint, by the name a person knows: `variable FOO`."""


class SealedBundle(Wire):
    """Secrets sealed to one node for one command; all but the last two fields are bound in it."""

    node_key_id: str
    hub_key_id: str
    expires_at: int
    """Unix seconds."""
    ciphertext: str
    """Base64 of the HPKE message; its plaintext is JSON: `secrets` by name, and `git`."""
    signature: str
    """Base64 of the hub's Ed25519 signature over `canonical.bundle_signed(...)`."""


class HubKeyLink(Wire):
    """One change of the board's key: the old key's word for the new one; all three are base64."""

    old_key: str
    new_key: str
    signature: str
    """Ed25519 of the old key over `canonical.hub_key_signed(...)`."""


class Credential(Wire):
    """How git proves itself; lives only inside a bundle's plaintext."""

    kind: Literal["token", "deploy_key"]
    secret: str
    username: str = ""
    known_hosts: str = ""


class LogFinal(Wire):
    """What a log was, told by its writer; `sha256` is lower-case hex of all its bytes."""

    bytes: Position
    lines: Position
    sha256: str
    truncated_bytes: Position = 0
    """Bytes that were not kept because the log reached its limit."""


class ReceiptStep(Wire):
    """One command of a prepare, as it was run; `variables` are names only."""

    phase: Phase
    command: ShortText
    cwd: ShortText
    variables: tuple[str, ...] = ()
    exit_code: int | None = None
    duration_ms: int = 0
    log_tail: str = ""


class Receipt(Wire):
    """The record of one attempt."""

    steps: tuple[ReceiptStep, ...] = ()
    failing_command: ShortText = ""
    commit: str = ""
    image_digest: str = ""
    detected: tuple[str, ...] = ()
    """What `auto` found, for instance `uv (uv.lock)`."""


class FileChange(Wire):
    """One file of a run's diff, from tree snapshots; counts are lines, -1 for a binary file."""

    path: str
    status: Literal["added", "modified", "deleted", "renamed", "type_changed"]
    old_path: str = ""
    additions: int = 0
    deletions: int = 0


class ItemKind(StrEnum):
    """The kinds of a timeline's entries."""

    USER_MESSAGE = "user_message"
    AGENT_MESSAGE = "agent_message"
    THOUGHT = "thought"
    TOOL_CALL = "tool_call"
    TERMINAL = "terminal"
    PLAN = "plan"
    APPROVAL = "approval"
    ARTIFACT = "artifact"
    NOTICE = "notice"


class ItemStatus(StrEnum):
    """Where an item is."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class TimelineRecord(Wire):
    """`upsert` replaces the fields given; `append` adds `text` to the end of the item's text.

    `id` is unique within the run. `fields` follow ACP names (`title`, `tool_kind`, `locations`,
    `content`, `exit_code`, `duration_ms`); a terminal's output stays in the run's log, from byte
    `log_start` to `log_end`.
    """

    op: Literal["upsert", "append"]
    id: Annotated[str, Field(max_length=128)]
    kind: ItemKind | None = None
    status: ItemStatus | None = None
    text: str = ""
    fields: dict[str, Any] = Field(default_factory=dict[str, Any])


class StreamAck(Wire):
    """How far the hub has committed a stream: `next` is the first position it does not hold."""

    stream: StreamName
    next: Position
    settled: bool = False
    """The stream is complete and verified: the node may forget it."""
    resend: bool = False
    """Something is missing from `next` on: send again from there."""


class RunningExecution(Wire):
    """An execution that a node still carries out, in its hello."""

    execution_id: UUID
    kind: Literal["prepare", "run"]
    command_id: UUID
    attempt: int


class BindingRef(Wire):
    """A binding that belongs on a node."""

    binding_id: UUID
    environment_id: UUID


class Capabilities(Wire):
    """What a node has. `tools` maps a program to the first line of its version."""

    os: str = ""
    arch: str = ""
    cores: int = 0
    memory_bytes: int = 0
    disk_free_bytes: int = 0
    python: str = ""
    git: str = ""
    tools: dict[str, str] = Field(default_factory=dict[str, str])
    sandbox: tuple[Literal["container", "bubblewrap", "native"], ...] = ("native",)
    user: str = ""
    home: str = ""


class NodeLoad(Wire):
    """A heartbeat's figures. `spool_bytes` counts what the hub has not acked."""

    load_1m: float = 0.0
    memory_free_bytes: int = 0
    disk_free_bytes: int = 0
    running: int = 0
    spool_bytes: int = 0


class SlotReport(Wire):
    """The slots of a binding after a change."""

    binding_id: UUID
    ready: int = 0
    claimed: int = 0


class Stamp(Wire):
    """A moment on the node: the wall clock for people, the boot clock for durations."""

    at: datetime
    boottime_ms: int
