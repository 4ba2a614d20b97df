"""What carries out a run's message: the one protocol that every executor follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from openviber_daemon.runner.execution import Execution

Record = Mapping[str, Any]
"""A TimelineRecord, with the names and values that the wire gives it."""


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """One run, ready to begin. `env` is the whole environment of its processes."""

    execution: Execution
    cwd: Path
    env: Mapping[str, str]
    text: str
    emit_records: Callable[[Sequence[Record]], None]
    """Adds to the run's timeline."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended: `reason` is None when its process ended by itself, with any exit code."""

    exit_code: int
    duration_ms: int
    reason: str | None = None
    message: str = ""


class Executor(Protocol):
    """Carries out messages in one way. It tells what happens as timeline records on the way."""

    name: str

    def run(self, context: RunContext) -> Outcome:
        """Carry out the message.

        Raises:
            ExecutionError: it could not begin.
        """
        ...
