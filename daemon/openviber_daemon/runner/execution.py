"""One prepare or one run, as its phases and executors see it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from openviber_daemon.clock import SystemClock
from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.stream import redact
from openviber_daemon.runner.bundle import GitCredential, OpenedBundle
from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.runner.child import Child, ChildLimits
from openviber_daemon.runner.console import Console
from openviber_daemon.runner.doorbell import Doorbell
from openviber_daemon.runner.errors import ExecutionStoppedError
from openviber_daemon.runner.events import EventLog, EventTooLargeError
from openviber_daemon.runner.job import Job
from openviber_daemon.runner.killing import LEFTOVER_GRACE_SECONDS, kill_all
from openviber_daemon.runner.launching import ChildCommand
from openviber_daemon.runner.outgoing import clean_payload
from openviber_daemon.runner.processes import is_subreaper
from openviber_daemon.runner.scripts import BashScript

LOG_FILE = "log"
EVENTS_FILE = "events"
MAX_SHRINK = 1024


@dataclass(frozen=True, kw_only=True)
class ChildResult:
    """How a child ended.

    `exit_code` is 128 + n after signal n. `reason` is None when it ended by itself, else `timeout`
    or why somebody wanted the execution to stop. `failing_command` is told by strict scripts only
    and is not redacted yet. Its output is the log from `log_start` to `log_end`.
    """

    exit_code: int
    duration_ms: int
    reason: str | None
    failing_command: str
    log_start: int
    log_end: int

    @property
    def ok(self) -> bool:
        return self.exit_code == 0 and self.reason is None


class Execution:
    """Carries out commands, writes the log and the events; holds the plaintext secrets."""

    def __init__(
        self,
        job: Job,
        attempt_dir: Path,
        *,
        bundle: OpenedBundle | None = None,
        cancel: CancelFlag | None = None,
    ) -> None:
        """Open the log and the events of an attempt.

        Args:
            job: what to do.
            attempt_dir: where the log and the events go.
            bundle: the opened secrets; none for an execution that ends before it has them.
            cancel: raised by whoever wants it to stop; without one, nobody does.
        """
        self.job = job
        self.kind: Literal["prepare", "run"] = job.kind
        self.execution_id = job.execution_id
        self.command_id = job.command_id
        self.attempt = job.attempt
        self.home = job.home
        self.attempt_dir = attempt_dir
        self.payload = job.payload
        self.cancel = cancel or CancelFlag()
        self._bundle = bundle or OpenedBundle()
        self._needles = NeedleSet.of_secrets(self._bundle.list_plaintexts())
        self._doorbell = Doorbell(job.home, job.execution_id)
        self.console = Console(
            attempt_dir / LOG_FILE,
            self._needles,
            limit_bytes=job.log_limit_bytes,
            ring=self._doorbell.ring,
        )
        self._events = EventLog(
            attempt_dir / EVENTS_FILE, clock=SystemClock(), ring=self._doorbell.ring
        )
        self.last_status: Mapping[str, Any] = {}

    def __repr__(self) -> str:
        return f"Execution({self.kind} {self.execution_id})"

    @property
    def spec(self) -> Mapping[str, Any]:
        """The environment, as `EnvironmentSpec` on the wire."""
        return self.payload["spec"]

    @property
    def git_credential(self) -> GitCredential | None:
        return self._bundle.git

    @property
    def has_final(self) -> bool:
        """Whether its end has been told."""
        return self._events.has_final

    def secrets(self, *, scope: Literal["setup", "runtime"]) -> dict[str, str]:
        """Give the plaintext secrets of a scope, for the environment of a process only."""
        return {
            name: secret.value.open()
            for name, secret in self._bundle.secrets.items()
            if secret.scope in (scope, "both")
        }

    def raise_if_cancelled(self) -> None:
        """Go on only when nobody wants to stop.

        Raises:
            ExecutionStoppedError: somebody does; `runner.__main__` tells the board.
        """
        if self.cancel.reason:
            raise ExecutionStoppedError(self.cancel.reason, self.cancel.message)

    # ------------------------------------------------------------ events

    def emit(self, type_: str, payload: Mapping[str, Any], *, final: bool = False) -> None:
        """Append an event, whose free text is masked and clipped here (see `outgoing`).

        The final one ends the execution: nothing of it is left running, the log is complete, and
        `log` and `redacted` of the payload are filled in.
        """
        if final:
            payload = {**payload, **self._end()}
        elif type_ == "environment:status":
            payload = {**payload, "redacted": self.console.redacted}
            self.last_status = payload
        shrink = 1
        while True:
            try:
                cleaned = clean_payload(payload, self.redact_text, shrink=shrink)
                self._events.append(type_, cleaned, final=final)
            except EventTooLargeError:
                if shrink > MAX_SHRINK:
                    raise
                shrink *= 4
            else:
                return

    def redact_text(self, text: str) -> str:
        """Mask the secrets in a text that is complete."""
        masked = redact(self._needles, text.encode("utf-8", "surrogateescape"))
        return masked.decode("utf-8", "replace")

    def tail(self, lines: int, *, since: int = 0) -> str:
        """Read back the last lines of the log that begin after byte `since`, at most 16 KiB."""
        self.console.flush()
        return self.console.tail(lines, since=since)

    def log_final(self) -> dict[str, Any]:
        """Give the log's figures so far, as `LogFinal`; a final event gets them by itself."""
        return self.console.final()

    # ------------------------------------------------------------ processes

    def run_script(
        self,
        script: str,
        *,
        cwd: Path,
        env: Mapping[str, str],
        time_limit_seconds: float | None = None,
        strict: bool = True,
    ) -> ChildResult:
        """Run a bash script to its end; a strict one ends at its first failing command.

        Raises:
            ExecutionError: it could not be started (no such directory, no bash).
        """
        with BashScript(script, strict=strict) as bash:
            command = ChildCommand(
                argv=bash.argv, cwd=cwd, env=env, mark=self.execution_id, pass_fds=bash.pass_fds
            )
            return self._run(command, time_limit_seconds, bash)

    def run_argv(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        time_limit_seconds: float | None = None,
    ) -> ChildResult:
        """Run a program to its end; never with a secret among its arguments.

        Raises:
            ExecutionError: it could not be started (no such directory, no such program).
        """
        command = ChildCommand(argv=argv, cwd=cwd, env=env, mark=self.execution_id)
        return self._run(command, time_limit_seconds, None)

    def _run(
        self, command: ChildCommand, time_limit_seconds: float | None, bash: BashScript | None
    ) -> ChildResult:
        self.console.flush()
        start = self.console.position
        child = Child(
            command,
            output=self.console.write,
            cancel=self.cancel,
            limits=ChildLimits(time_limit_seconds=time_limit_seconds),
        )
        end = child.run()
        self.console.flush()
        if end.leftovers and end.reason is None:
            count = f"{end.leftovers} process{'es' if end.leftovers > 1 else ''}"
            self.console.say(f"[openviber: ended {count} left running in the background]")
        return ChildResult(
            exit_code=end.exit_code,
            duration_ms=end.duration_ms,
            reason=end.reason,
            failing_command=bash.find_failing_command(end.exit_code) if bash else "",
            log_start=start,
            log_end=self.console.position,
        )

    def _end(self) -> dict[str, Any]:
        roots = (os.getpid(),) if is_subreaper() else ()
        kill_all(mark=self.execution_id, roots=roots, grace_seconds=LEFTOVER_GRACE_SECONDS)
        log = self.console.final()
        return {"log": log, "redacted": self.console.redacted}

    def close(self) -> None:
        """Close the files; the plaintext goes with the object."""
        self.console.close()
        self._events.close()
        self._doorbell.close()
