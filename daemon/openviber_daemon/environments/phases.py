"""Where a prepare is: its phases, told each time one begins or ends."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from openviber_daemon.runner.execution import Execution

PHASES = ("resolve", "fetch", "checkout", "inject", "setup", "check")


@dataclass
class PhaseNote:
    """One phase as it is told: a `PhaseReport`."""

    name: str
    status: str
    log_start: int
    duration_ms: int | None = None
    detail: str = ""

    def skip(self, why: str) -> None:
        """Say that there was nothing to do."""
        self.status, self.detail = "skipped", why

    def as_wire(self) -> dict[str, object]:
        return {
            "name": self.name,
            "status": self.status,
            "durationMs": self.duration_ms,
            "detail": self.detail,
            "logStart": self.log_start,
        }


@dataclass
class Phases:
    """The phases of one execution; `tell` is called at each beginning and end."""

    execution: Execution
    tell: Callable[["Phases"], None]
    notes: list[PhaseNote] = field(default_factory=list)

    @contextmanager
    def during(self, name: str) -> Iterator[PhaseNote]:
        """Carry out a phase. One that raises has failed."""
        console = self.execution.console
        console.flush()
        note = PhaseNote(name=name, status="running", log_start=console.position)
        self.notes.append(note)
        self.tell(self)
        started = time.clock_gettime(time.CLOCK_BOOTTIME)
        try:
            yield note
            if note.status == "running":
                note.status = "done"
        except BaseException as error:
            note.status = "failed"
            note.detail = note.detail or str(error)
            raise
        finally:
            console.flush()
            note.duration_ms = round((time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000)
            if note.status != "failed":  # the final status tells a failure, with its reason
                self.tell(self)

    def skip(self, names: Sequence[str], why: str) -> None:
        """Note phases that have nothing to do; they are told with the next one."""
        position = self.execution.console.position
        self.notes += [
            PhaseNote(name, "skipped", position, duration_ms=0, detail=why) for name in names
        ]

    @property
    def current(self) -> str | None:
        return self.notes[-1].name if self.notes else None

    def as_wire(self) -> list[Mapping[str, object]]:
        return [note.as_wire() for note in self.notes]
