"""Which processes belong to an execution, found through /proc.

A script's processes can leave its process group and its session; two things they keep. They are
descendants of the runner, which as a subreaper adopts those that lost their parent. And they carry
`VIBER_ATTEMPT=<execution id>` in their environment, by which the daemon finds them when the runner
itself is dead.
"""

import ctypes
import os
from collections.abc import Iterable
from dataclasses import dataclass

MARK_VARIABLE = "VIBER_ATTEMPT"
PROC = "/proc"

_BLOCK = 128 * 1024
_PR_SET_CHILD_SUBREAPER = 36
_PR_GET_CHILD_SUBREAPER = 37


@dataclass(frozen=True)
class Process:
    """A process as /proc tells it; `pid` and `start_time` together are never used twice."""

    pid: int
    parent: int
    start_time: int
    is_zombie: bool


def become_subreaper() -> None:
    """Adopt every descendant that loses its parent, instead of leaving it to init.

    Raises:
        OSError: the kernel does not know the call.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot adopt orphaned processes: {os.strerror(number)}")


def is_subreaper() -> bool:
    """Say whether this process adopts orphans."""
    answer = ctypes.c_int(0)
    ctypes.CDLL(None).prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(answer), 0, 0, 0)
    return bool(answer.value)


def find_process(pid: int) -> Process | None:
    """Read one process; None when there is none."""
    stat = _read(f"{PROC}/{pid}/stat")
    if not stat:
        return None
    fields = stat[stat.rindex(b")") + 2 :].split()  # the name before it may hold anything
    return Process(pid, int(fields[1]), int(fields[19]), fields[0] in (b"Z", b"X"))


def find_start_time(pid: int) -> int | None:
    """Read when a process started, in clock ticks since boot; None when there is none."""
    process = find_process(pid)
    return process.start_time if process else None


def is_alive(pid: int, *, start_time: int) -> bool:
    """Say whether the very process that had this pid at that time still runs."""
    process = find_process(pid)
    return process is not None and process.start_time == start_time and not process.is_zombie


def list_processes() -> list[Process]:
    """List every process that this one can see."""
    pids = (int(entry.name) for entry in os.scandir(PROC) if entry.name.isdigit())
    return [process for process in map(find_process, pids) if process]


def list_descendants(roots: Iterable[int]) -> list[Process]:
    """List the children of `roots`, their children and so on, without `roots`."""
    return list(_list_tree(list_processes(), roots).values())


def list_marked(mark: str) -> list[Process]:
    """List the processes whose environment carries this mark, as far as it may be read."""
    return _select_marked(list_processes(), mark)


def _list_tree(everyone: list[Process], roots: Iterable[int]) -> dict[int, Process]:
    children: dict[int, list[Process]] = {}
    for process in everyone:
        children.setdefault(process.parent, []).append(process)
    found: dict[int, Process] = {}
    pending = list(roots)
    while pending:
        for process in children.get(pending.pop(), []):
            if process.pid not in found:
                found[process.pid] = process
                pending.append(process.pid)
    return found


def _select_marked(everyone: list[Process], mark: str) -> list[Process]:
    entry = f"{MARK_VARIABLE}={mark}".encode()
    return [process for process in everyone if entry in _read_environ(process.pid)]


def _read_environ(pid: int) -> list[bytes]:
    return _read(f"{PROC}/{pid}/environ").split(b"\0")


def _read(path: str) -> bytes:
    """Read a file of /proc; nothing when the process is gone or another user's."""
    parts: list[bytes] = []
    try:  # not by pathlib: this is read hundreds of times before a script may start
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        while part := os.read(file, _BLOCK):
            parts.append(part)
    except OSError:
        pass
    finally:
        os.close(file)
    return b"".join(parts)


@dataclass(frozen=True, kw_only=True)
class Family:
    """The processes of one execution: `roots`, their descendants, and whoever carries `mark`.

    Without a mark only the tree counts; for a subreaper's own tree that is complete. `spared` are
    processes that were there before; this process itself is never a member.
    """

    mark: str | None = None
    roots: tuple[int, ...] = ()
    spared: frozenset[tuple[int, int]] = frozenset()

    def list_members(self) -> list[Process]:
        """List who is there now, zombies included."""
        everyone = list_processes()
        family = _list_tree(everyone, self.roots)
        family.update((p.pid, p) for p in everyone if p.pid in self.roots)
        if self.mark:
            family.update((p.pid, p) for p in _select_marked(everyone, self.mark))
        family.pop(os.getpid(), None)
        return [p for p in family.values() if (p.pid, p.start_time) not in self.spared]

    def sparing_present(self) -> "Family":
        """Give the same family without those who are there now."""
        present = frozenset((p.pid, p.start_time) for p in self.list_members())
        return Family(mark=self.mark, roots=self.roots, spared=self.spared | present)
