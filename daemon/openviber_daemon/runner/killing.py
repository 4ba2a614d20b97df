"""Ending processes: a polite signal, a grace, then SIGKILL until none is left."""

import contextlib
import os
import signal
import time

from openviber_daemon.runner.processes import Family, Process

GRACE_SECONDS = 10.0
"""Git needs about 6 s to remove its lock after SIGTERM."""

LEFTOVER_GRACE_SECONDS = 2.0
"""For what is still there when the work itself has ended."""

HOPELESS_SECONDS = 10.0
"""A process that outlives SIGKILL so long hangs in the kernel: no signal ends it."""

STEP_SECONDS = 0.02


class Killing:
    """The end of a family, in steps, so that its output can be read meanwhile."""

    def __init__(
        self,
        family: Family,
        *,
        grace_seconds: float = GRACE_SECONDS,
        keep_zombie: int | None = None,
    ) -> None:
        """Prepare; nothing is signalled before the first step.

        Args:
            family: who is to end.
            grace_seconds: how long after SIGTERM the first SIGKILL comes.
            keep_zombie: a child whose exit status somebody else collects.
        """
        self._family = family
        self._grace_seconds = grace_seconds
        self._keep_zombie = keep_zombie
        self._asked: set[tuple[int, int]] = set()
        self._not_ours: set[tuple[int, int]] = set()
        self._started: float | None = None
        self.survivors: list[Process] = []

    def step(self) -> bool:
        """Signal whoever is left; say whether it is over."""
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        is_first = self._started is None
        self._started = now if self._started is None else self._started
        elapsed = now - self._started
        # Look twice: one look can miss a child that was born, and whose parent ended, during it.
        living = self._list_living() or self._list_living()
        self.survivors = living
        if not living or elapsed > self._grace_seconds + HOPELESS_SECONDS:
            return True
        for process in living:
            if elapsed >= self._grace_seconds:
                self._send(process, signal.SIGKILL)
            elif is_first or not self._is_cleaning_up(process, living):
                self._ask(process)
        return False

    def finish(self) -> list[Process]:
        """Step until it is over; give who could not be ended."""
        while not self.step():
            time.sleep(STEP_SECONDS)
        return self.survivors

    def _ask(self, process: Process) -> None:
        if (process.pid, process.start_time) not in self._asked:
            self._asked.add((process.pid, process.start_time))
            self._send(process, signal.SIGTERM)
            self._send(process, signal.SIGCONT)  # a stopped one would never hear it

    def _is_cleaning_up(self, process: Process, living: list[Process]) -> bool:
        """Say whether it was begun, after the signal, by one that heard it and goes on."""
        return any(process.parent == other.pid for other in living)

    def _list_living(self) -> list[Process]:
        members = self._family.list_members()
        for process in members:
            is_mine = process.parent == os.getpid() and process.pid != self._keep_zombie
            if process.is_zombie and is_mine:
                reap(process.pid)
        living = [
            process
            for process in members
            if not process.is_zombie and (process.pid, process.start_time) not in self._not_ours
        ]
        # Parents first: a shell whose child is gone before it hears the signal just goes on.
        return sorted(living, key=lambda process: (process.start_time, process.pid))

    def _send(self, process: Process, number: signal.Signals) -> None:
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            pass
        except PermissionError:  # it changed its user, as sudo does; we never may
            self._not_ours.add((process.pid, process.start_time))


def kill_all(
    *, mark: str, roots: tuple[int, ...] = (), grace_seconds: float = GRACE_SECONDS
) -> list[Process]:
    """End every process of an execution; give those that could not be ended.

    The daemon calls this, in a thread, with the mark alone for an execution whose runner is dead.
    """
    return Killing(Family(mark=mark, roots=roots), grace_seconds=grace_seconds).finish()


def reap(pid: int) -> None:
    """Collect a child that has ended, so that its pid becomes free."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def reap_adopted(*, except_pid: int) -> None:
    """Collect the adopted children that have ended, up to the first that is `except_pid`."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid == except_pid:
            return
        reap(ended.si_pid)
