"""The log of one execution: redacted bytes, appended to a file that the daemon tails."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.stream import Redactor

DEFAULT_LIMIT_BYTES = 256 * 1024 * 1024
TAIL_BYTES = 16 * 1024

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class LogFigures:
    """What a log is, counted as it grows; `LogFinal` on the wire."""

    def __init__(self) -> None:
        self.bytes = 0
        self.truncated_bytes = 0
        self.is_mid_line = False
        self._newlines = 0
        self._hash = hashlib.sha256()

    def add(self, data: bytes) -> None:
        if data:
            self.bytes += len(data)
            self._newlines += data.count(b"\n")
            self.is_mid_line = not data.endswith(b"\n")
            self._hash.update(data)

    def as_wire(self) -> dict[str, Any]:
        return {
            "bytes": self.bytes,
            "lines": self._newlines + self.is_mid_line,
            "sha256": self._hash.hexdigest(),
            "truncatedBytes": self.truncated_bytes,
        }


def measure_log(path: Path) -> dict[str, Any]:
    """Count the figures of a log whose writer is gone, as `LogFinal`; none is an empty log."""
    figures = LogFigures()
    try:
        with path.open("rb") as log:
            while chunk := log.read(1024 * 1024):
                figures.add(chunk)
    except FileNotFoundError:
        pass
    return figures.as_wire()


class Console:
    """Takes what processes print; what it writes to disk holds no secret any more."""

    def __init__(
        self,
        path: Path,
        needles: NeedleSet,
        *,
        limit_bytes: int = DEFAULT_LIMIT_BYTES,
        ring: Callable[[], None] = lambda: None,
    ) -> None:
        self._redactor = Redactor(needles)
        self._figures = LogFigures()
        self._limit_bytes = limit_bytes
        self._ring = ring
        self._path = path
        self._log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._is_cut = False
        self._unkept = 0

    @property
    def position(self) -> int:
        """How many bytes the log has; those held back by the redactor come later."""
        return self._figures.bytes

    @property
    def redacted(self) -> int:
        """How often a secret was masked."""
        return self._redactor.count

    def write(self, data: bytes) -> None:
        """Take output; its end waits while it may still be the beginning of a secret."""
        self._append(self._redactor.feed(data))

    def flush(self) -> None:
        """End a piece of output: what comes next does not continue it, so nothing waits."""
        self._append(self._redactor.finish())

    def say(self, text: str) -> None:
        """Write a line of our own, on a line of its own."""
        self.flush()
        start = b"\n" if self._figures.is_mid_line else b""
        self.write(start + text.rstrip("\n").encode("utf-8", "replace") + b"\n")
        self.flush()

    def tail(self, lines: int, *, since: int = 0) -> str:
        """Read back the last lines that were written from byte `since` on, at most 16 KiB."""
        start = max(since, self.position - TAIL_BYTES)
        with self._path.open("rb") as log:
            log.seek(start)
            text = log.read(TAIL_BYTES).decode("utf-8", "replace")
        return "\n".join(text.splitlines()[-lines:])

    def final(self) -> dict[str, Any]:
        """Flush everything to disk and give the figures, as `LogFinal`."""
        self.flush()
        with contextlib.suppress(OSError):  # a full disk, or a file system that cannot
            os.fsync(self._log)
        return self._figures.as_wire()

    def close(self) -> None:
        os.close(self._log)

    # ------------------------------------------------------------ the file

    def _append(self, data: bytes) -> None:
        if not data:
            return
        room = self._limit_bytes - self.position
        if self._is_cut:
            self._figures.truncated_bytes += len(data)
            return
        if len(data) > room:
            self._store(data[:room])
            limit = f"{self._limit_bytes / 1024 / 1024:g} MiB"
            self._store(_note(f"the log reached its limit of {limit}; what follows was not kept"))
            self._is_cut = True
            self._figures.truncated_bytes += len(data) - room
        else:
            self._store(data)
        self._ring()

    def _store(self, data: bytes) -> None:
        """Append to the file; what a full disk does not take is counted, and told later."""
        if self._unkept:
            note = _note(f"the disk was full; {self._unkept} bytes were not kept here")
            if self._put(note) < len(note):
                self._lose(len(data))
                return
            self._unkept = 0
        self._lose(len(data) - self._put(data))

    def _put(self, data: bytes) -> int:
        """Write as much as the disk takes; give how much that was."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._log, rest) :]
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                break
        taken = len(data) - len(rest)
        self._figures.add(data[:taken] if rest else data)
        return taken

    def _lose(self, size: int) -> None:
        self._unkept += size
        self._figures.truncated_bytes += size


def _note(text: str) -> bytes:
    return f"\n[openviber: {text}]\n".encode()
