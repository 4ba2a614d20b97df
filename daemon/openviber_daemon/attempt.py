"""The folder of one execution, as the daemon reads and writes it."""

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from uuid import UUID

from openviber_daemon.home import PRIVATE_FILE, write_private
from openviber_daemon.runner.processes import is_alive

Kind = Literal["prepare", "run"]
BLOCK = 1 << 16


@dataclass(frozen=True)
class Runner:
    """The process of an execution; its start time tells it from a later one of its number."""

    pid: int
    start_time: int

    def is_alive(self) -> bool:
        return is_alive(self.pid, start_time=self.start_time)

    def send(self, signal_number: signal.Signals) -> bool:
        """Signal the process if it still is this one; say whether it was."""
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return False
        try:
            if not self.is_alive():
                return False
            signal.pidfd_send_signal(descriptor, signal_number)
        except ProcessLookupError:
            return False
        finally:
            os.close(descriptor)
        return True


@dataclass(frozen=True)
class Job:
    """What a runner was asked to do; holds no secret."""

    kind: Kind
    execution_id: UUID
    command_id: UUID
    attempt: int
    payload: Mapping[str, object]

    @property
    def binding_id(self) -> str:
        return str(self.payload.get("bindingId", ""))


@dataclass(frozen=True)
class Attempt:
    """`attempts/<execution id>/`; its `events` and `log` are appended to by its runner."""

    path: Path
    job: Job

    @property
    def events(self) -> Path:
        return self.path / "events"

    @property
    def log(self) -> Path:
        return self.path / "log"

    def runner(self) -> Runner | None:
        """Give the process that took this execution on, if one ever did."""
        state = read_object(self.path / "state.json")
        if state is None:
            return None
        return Runner(pid=int(str(state["runnerPid"])), start_time=int(str(state["startTime"])))

    def ask_to_stop(self, reason: str) -> None:
        """Leave the reason where the runner finds it; the first reason stays."""
        if not (self.path / "cancel").exists():
            write_private(self.path / "cancel", json.dumps({"reason": reason}).encode())

    def is_asked_to_stop(self) -> bool:
        return (self.path / "cancel").exists()

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Take the runner's lock if nobody has it, and say whether that worked."""
        descriptor = os.open(
            self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            yield False
            return
        try:
            yield True
        finally:
            os.close(descriptor)

    def last_event(self) -> Mapping[str, object] | None:
        """Give the last complete line of `events`."""
        last: Mapping[str, object] | None = None
        for line in read_last_lines(self.events):
            with contextlib.suppress(ValueError):
                found: object = json.loads(line)
                if isinstance(found, Mapping):
                    last = cast("Mapping[str, object]", found)
        return last

    def has_ended(self) -> bool:
        """Say whether the last word of this execution has been written."""
        last = self.last_event()
        return last is not None and last.get("final") is True

    def append_final(self, line: bytes) -> None:
        """Cut off a torn last line and write the last word. Only with the lock held."""
        with self.events.open("ab+") as file:
            file.truncate(complete_size(file.fileno()))
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.events.chmod(PRIVATE_FILE)


def make_attempt(path: Path, job: Job, *, home: Path, log_limit_bytes: int) -> Attempt:
    """Make the folder, exclusively: only one caller ever succeeds for one execution.

    Raises:
        FileExistsError: somebody was here before.
    """
    path.mkdir(mode=0o700)
    written = {
        "kind": job.kind,
        "executionId": str(job.execution_id),
        "commandId": str(job.command_id),
        "attempt": job.attempt,
        "home": str(home),
        "payload": job.payload,
        "logLimitBytes": log_limit_bytes,
    }
    write_private(path / "job.json", json.dumps(written).encode())
    return Attempt(path=path, job=job)


def find_attempt(path: Path) -> Attempt | None:
    """Read a folder back; `None` when it holds no complete job."""
    written = read_object(path / "job.json")
    if written is None:
        return None
    return Attempt(
        path=path,
        job=Job(
            kind="run" if written["kind"] == "run" else "prepare",
            execution_id=UUID(str(written["executionId"])),
            command_id=UUID(str(written["commandId"])),
            attempt=int(str(written["attempt"])),
            payload=cast("Mapping[str, object]", written["payload"]),
        ),
    )


def read_object(path: Path) -> Mapping[str, object] | None:
    """Read a JSON object; `None` when it is absent or damaged."""
    try:
        found: object = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else None


def complete_size(descriptor: int) -> int:
    """Give the size of a file up to its last newline."""
    end = os.fstat(descriptor).st_size
    while end:
        start = max(0, end - BLOCK)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def read_last_lines(path: Path) -> list[bytes]:
    """Read the last complete line, and whatever complete lines share its blocks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    try:
        end = complete_size(descriptor)
        start, tail = end, b""
        while start and tail.count(b"\n") < 2:  # noqa: PLR2004 - its own newline and the one before
            start = max(0, start - BLOCK)
            tail = os.pread(descriptor, end - start, start)
    finally:
        os.close(descriptor)
    return tail.splitlines()[(1 if start else 0) :]
