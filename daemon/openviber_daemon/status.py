"""What `openviber status` tells about a node, written by its daemon."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from openviber_daemon.attempt import find_attempt, read_object
from openviber_daemon.errors import NodeError
from openviber_daemon.home import PRIVATE_FILE, Home, write_private
from openviber_daemon.spool import Spool
from openviber_protocol.streams import log_stream


class AlreadyRunningError(NodeError):
    """Another daemon has this home."""

    def __init__(self, home: Home, pid: str) -> None:
        super().__init__(
            f"a daemon (process {pid or 'unknown'}) already runs on {home.root}. "
            "Look at it with: openviber status"
        )


@dataclass(frozen=True)
class Running:
    """One execution, for people."""

    execution_id: str
    kind: str
    is_alive: bool
    has_ended: bool
    unacked_log_bytes: int


@dataclass(frozen=True)
class Status:
    """A node at one moment. `link_detail` of a daemon that ended by itself says why."""

    is_running: bool
    pid: int | None
    board: str
    node: str
    link: str
    link_detail: str
    link_since: str
    executions: tuple[Running, ...]
    spool_bytes: int

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2)


class DaemonLock:
    """Held while a daemon uses a home; the kernel lets go of it however the daemon ends."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._descriptor = -1

    def __enter__(self) -> None:
        self._descriptor = os.open(
            self._home.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE
        )
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise AlreadyRunningError(self._home, pid) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def find_daemon(home: Home) -> int | None:
    """Give the process number of the daemon that runs on a home."""
    try:
        descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(descriptor, 32, 0).strip() or b"0")
    finally:
        os.close(descriptor)
    return None


def write_link(home: Home, *, state: str, detail: str, at: datetime) -> None:
    """Leave word of the link for `openviber status`."""
    words = {"pid": os.getpid(), "link": state, "detail": detail, "since": at.isoformat()}
    write_private(home.status_file, json.dumps(words).encode())


def read_status(home: Home, spool: Spool, *, board: str, node: str) -> Status:
    """Look at a node from outside; takes no lock that a runner could miss."""
    pid = find_daemon(home)
    words: Mapping[str, object] = read_object(home.status_file) or {}
    if pid is None and words.get("link") != "stopped":
        words = {}  # it was killed: what it said last is no longer true
    executions: list[Running] = []
    for path in sorted(home.attempts.iterdir()) if home.attempts.is_dir() else ():
        attempt = None if path.name.startswith(".") else find_attempt(path)
        if attempt is None:
            continue
        runner = attempt.runner()
        size = attempt.log.stat().st_size if attempt.log.exists() else 0
        executions.append(
            Running(
                execution_id=str(attempt.job.execution_id),
                kind=attempt.job.kind,
                is_alive=runner is not None and runner.is_alive(),
                has_ended=attempt.has_ended(),
                unacked_log_bytes=max(0, size - spool.cursor(log_stream(attempt.job.execution_id))),
            )
        )
    return Status(
        is_running=pid is not None,
        pid=pid,
        board=board,
        node=node,
        link=str(words.get("link", "")) if pid is not None else "not running",
        link_detail=str(words.get("detail", "")),
        link_since=str(words.get("since", "")),
        executions=tuple(executions),
        spool_bytes=sum(execution.unacked_log_bytes for execution in executions),
    )
