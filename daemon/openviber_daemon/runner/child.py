"""One child process of a runner, from its start until nothing of it is left."""

import contextlib
import fcntl
import math
import os
import select
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.runner.killing import (
    GRACE_SECONDS,
    LEFTOVER_GRACE_SECONDS,
    Killing,
    reap_adopted,
)
from openviber_daemon.runner.launching import ChildCommand, start_child
from openviber_daemon.runner.processes import Family, is_subreaper

CHUNK_BYTES = 64 * 1024
PIPE_BYTES = 1024 * 1024
BURST = 16
"""Chunks read before anything else is looked at."""

GATHER_MILLISECONDS = 4
"""After a short read wait so long for more: thousands of tiny appends a second cost a core."""

DRAIN_SECONDS = 1.0
"""What a background child still prints after the main process has ended is taken for so long."""

KILLING_STEP_SECONDS = 0.05
HOUSEKEEPING_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class ChildLimits:
    """How long each stage may take."""

    time_limit_seconds: float | None = None
    grace_seconds: float = GRACE_SECONDS
    drain_seconds: float = DRAIN_SECONDS
    leftover_grace_seconds: float = LEFTOVER_GRACE_SECONDS


@dataclass(frozen=True, kw_only=True)
class ChildEnd:
    """How it ended: `reason` is None when by itself; `leftovers` counts what was ended after it."""

    exit_code: int
    duration_ms: int
    reason: str | None
    leftovers: int


class Child:
    """Runs one command in its own session: no input, both outputs in one pipe."""

    def __init__(
        self,
        command: ChildCommand,
        *,
        output: Callable[[bytes], None],
        cancel: CancelFlag,
        limits: ChildLimits | None = None,
    ) -> None:
        self._command = command
        self._output = output
        self._cancel = cancel
        self._limits = limits or ChildLimits()
        self._reason: str | None = None
        self._killing: Killing | None = None
        self._is_silent = False

    def run(self) -> ChildEnd:
        """Run it to its end, and end whatever it leaves behind.

        Raises:
            DirectoryMissingError: there is no such working directory.
            ProgramMissingError: there is no such program.
            ExecutionError: it could not be started for another reason.
        """
        adopts = is_subreaper()
        before = Family(roots=(os.getpid(),)) if adopts else Family(mark=self._command.mark)
        family = before.sparing_present()
        self._pipe, write_end = _open_pipe()
        try:
            self._started = _now()
            try:
                process = start_child(self._command, output=write_end)
            finally:
                os.close(write_end)
            if not adopts:
                family = replace(family, roots=(process.pid,))
            try:
                return self._attend(process, family)
            except BaseException:
                Killing(family, grace_seconds=0, keep_zombie=process.pid).finish()
                process.wait()
                raise
        finally:
            os.close(self._pipe)

    def _attend(self, process: subprocess.Popen[bytes], family: Family) -> ChildEnd:
        with _Watch(self._pipe, cancel=self._cancel, pid=process.pid) as watch:
            ended = self._read_until_end(process, family, watch)
        leftovers = Killing(family, grace_seconds=self._limits.leftover_grace_seconds)
        count = 0 if leftovers.step() else len(leftovers.survivors)
        leftovers.finish()
        self._read(PIPE_BYTES // CHUNK_BYTES)
        code = process.returncode
        return ChildEnd(
            exit_code=code if code >= 0 else 128 - code,
            duration_ms=round((ended - self._started) * 1000),
            reason=self._reason,
            leftovers=count,
        )

    def _read_until_end(
        self, process: subprocess.Popen[bytes], family: Family, watch: "_Watch"
    ) -> float:
        """Pass output on until the process has ended and it is drained; give when it ended."""
        ended: float | None = None
        while True:
            now = _now()
            if ended is None and process.poll() is not None:
                ended = now
                watch.forget_process()
            if self._reason is None and ended is None and self._must_stop(now):
                watch.forget_cancel()
                self._killing = Killing(
                    family, grace_seconds=self._limits.grace_seconds, keep_zombie=process.pid
                )
            if self._killing and self._killing.step():
                self._killing = None
            if ended is not None and self._killing is None and self._is_drained(now - ended):
                return ended
            if watch.wait(self._longest_wait(now, ended)):
                self._take_output(watch, may_gather=ended is None)
            elif is_subreaper():
                reap_adopted(except_pid=process.pid)

    def _take_output(self, watch: "_Watch", *, may_gather: bool) -> None:
        is_dry = self._read(BURST)
        if self._is_silent:
            watch.forget_output()
        elif is_dry and may_gather:
            watch.let_output_gather()

    def _must_stop(self, now: float) -> bool:
        limit = self._limits.time_limit_seconds
        if self._cancel.reason:
            self._reason = self._cancel.reason
        elif limit is not None and now - self._started >= limit:
            self._reason = "timeout"
        return self._reason is not None

    def _is_drained(self, since_end: float) -> bool:
        return self._is_silent or since_end >= self._limits.drain_seconds

    def _longest_wait(self, now: float, ended: float | None) -> float:
        waits = [HOUSEKEEPING_SECONDS]
        if self._killing:
            waits.append(KILLING_STEP_SECONDS)
        if ended is not None:
            waits.append(ended + self._limits.drain_seconds - now)
        elif self._reason is None and self._limits.time_limit_seconds is not None:
            waits.append(self._started + self._limits.time_limit_seconds - now)
        return max(0.0, min(waits))

    def _read(self, chunks: int) -> bool:
        """Pass on at most so many chunks; say whether the pipe was emptied."""
        for _ in range(chunks):
            try:
                chunk = os.read(self._pipe, CHUNK_BYTES)
            except BlockingIOError:
                return True
            if not chunk:
                self._is_silent = True
                return True
            self._output(chunk)
            if len(chunk) < CHUNK_BYTES:
                return True
        return False


class _Watch:
    """Waits for output, for the process's end and for a request to stop."""

    def __init__(self, pipe: int, *, cancel: CancelFlag, pid: int) -> None:
        self._pipe = pipe
        self._cancel = cancel.fileno()
        self._process = _open_process(pid)
        self._all = select.poll()
        self._quiet = select.poll()  # all but the output
        self._all.register(pipe, select.POLLIN)
        for descriptor in (self._cancel, self._process):
            if descriptor is not None:
                self._all.register(descriptor, select.POLLIN)
                self._quiet.register(descriptor, select.POLLIN)

    def wait(self, seconds: float) -> bool:
        """Wait for anything; say whether there is output."""
        if self._process is None:
            seconds = min(seconds, KILLING_STEP_SECONDS)
        ready = self._all.poll(math.ceil(seconds * 1000))
        return any(descriptor == self._pipe for descriptor, _ in ready)

    def let_output_gather(self) -> None:
        self._quiet.poll(GATHER_MILLISECONDS)

    def forget_output(self) -> None:
        self._all.unregister(self._pipe)

    def forget_cancel(self) -> None:
        self._all.unregister(self._cancel)
        self._quiet.unregister(self._cancel)

    def forget_process(self) -> None:
        if self._process is not None:
            self._all.unregister(self._process)
            self._quiet.unregister(self._process)

    def __enter__(self) -> "_Watch":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            os.close(self._process)


def _now() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _open_process(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except OSError:  # a kernel before 5.3, or a filter that forbids it: look often instead
        return None


def _open_pipe() -> tuple[int, int]:
    read_end, write_end = os.pipe2(os.O_CLOEXEC)
    os.set_blocking(read_end, False)
    with contextlib.suppress(OSError):  # without quota for pipe memory a small one has to do
        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return read_end, write_end
