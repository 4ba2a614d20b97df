"""What a node tells of its work, in the board's own words; `hub` makes these out of frames."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Advance:
    """A topic that moved in a transaction; tell the bus after the commit."""

    topic: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class LogEnd:
    """What the writer of a log says it was; `sha256` is hex over all kept bytes."""

    bytes: int
    lines: int
    sha256: str
    truncated_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SlotCounts:
    """The slots of a binding."""

    binding_id: UUID
    ready: int
    claimed: int


@dataclass(frozen=True, slots=True)
class PrepareReport:
    """Where a prepare is. `status` is `preparing`, `ready` or `error`; the last one has `log`."""

    binding_id: UUID
    prepare_id: UUID
    status: str
    phase: str = ""
    phases: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    message: str = ""
    noop: bool = False
    resolved_working_dir: str = ""
    fingerprint: dict[str, str] = field(default_factory=dict)
    receipt: dict[str, Any] = field(default_factory=dict)
    slots: SlotCounts | None = None
    redacted: int = 0
    log: LogEnd | None = None


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run's process is about to start in its workspace."""

    thread_id: UUID
    run_id: UUID
    working_dir: str
    branch: str
    base_commit: str
    slots: SlotCounts | None = None


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An upsert of, or an append to, an item of a run; see the protocol's `TimelineRecord`."""

    op: str
    id: str
    kind: str | None = None
    status: str | None = None
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunProgress:
    """New timeline records of a run."""

    thread_id: UUID
    run_id: UUID
    records: list[ItemRecord]


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run's end. `reason` is empty when the process ended by itself."""

    thread_id: UUID
    run_id: UUID
    exit_code: int | None
    duration_ms: int
    reason: str = ""
    message: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    redacted: int = 0
    log: LogEnd | None = None


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """How many forms of made-up secrets a node printed and masked; `missed` names the others."""

    test_id: UUID
    tried: int
    masked: int
    missed: tuple[str, ...] = ()
