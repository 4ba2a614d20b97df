"""The commands of a set-up, run one after the other, each with its line in the receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openviber_daemon.runner.execution import ChildResult, Execution
from openviber_daemon.workspace.errors import StoppedError, WorkspaceError

TAIL_LINES = 20
TAIL_LETTERS = 4000
STOPPED = frozenset({"cancelled", "stopped", "interrupted", "lost"})


@dataclass
class Receipt:
    """What was done in one attempt; names of variables, never their values."""

    steps: list[dict[str, object]] = field(default_factory=list)
    failing_command: str = ""
    commit: str = ""
    detected: list[str] = field(default_factory=list)

    def as_wire(self) -> dict[str, object]:
        return {
            "steps": self.steps,
            "failingCommand": self.failing_command,
            "commit": self.commit,
            "detected": self.detected,
        }


@dataclass(frozen=True)
class Steps:
    """Runs commands of one execution with one environment."""

    execution: Execution
    receipt: Receipt
    env: Mapping[str, str]
    names: Sequence[str]
    time_limit: float

    def run(self, script: str, *, phase: str, cwd: Path, called: str, strict: bool = True) -> None:
        """Run a script and note it.

        Raises:
            WorkspaceError: it did not end with 0; `failing_command` tells where.
        """
        start = self.execution.console.position
        result = self.execution.run_script(
            script, cwd=cwd, env=self.env, time_limit_seconds=self.time_limit, strict=strict
        )
        self._note(result, script, phase=phase, cwd=cwd, start=start)
        if result.ok:
            return
        failing = result.failing_command or (script if "\n" not in script.strip() else "")
        self.receipt.failing_command = failing.strip()
        raise self._failure(result, called=called, failing=failing.strip())

    def _note(self, result: ChildResult, script: str, *, phase: str, cwd: Path, start: int) -> None:
        tail = self.execution.console.tail(TAIL_LINES, since=start)
        self.receipt.steps.append(
            {
                "phase": phase,
                "command": script.strip(),
                "cwd": str(cwd),
                "variables": list(self.names),
                "exitCode": result.exit_code,
                "durationMs": result.duration_ms,
                "logTail": tail[-TAIL_LETTERS:],
            }
        )

    def _failure(self, result: ChildResult, *, called: str, failing: str) -> WorkspaceError:
        if result.reason in STOPPED:
            return StoppedError(result.reason)
        at = f" at `{failing}`" if failing else ""
        if result.reason == "timeout":
            return WorkspaceError(
                f"{called} was not finished after {self.time_limit:.0f} s and was ended{at}: "
                "make it shorter, or raise its time limit",
                reason="timeout",
                failing_command=failing,
            )
        return WorkspaceError(
            f"{called} ended with exit code {result.exit_code}{at}", failing_command=failing
        )
