"""The events of one execution: JSON lines, appended to a file that the daemon tails."""

import errno
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openviber_daemon.clock import Clock

MAX_LINE_BYTES = 240 * 1024
"""A line becomes one frame, whose limit is 256 KiB with its envelope."""

RESERVE_BYTES = 256 * 1024
"""Kept on disk so that a status can be written even when the log has filled it."""


class EventTooLargeError(ValueError):
    """An event that no frame could carry."""


class EventLog:
    """Appends whole lines only; the last one, the final one, is on disk before `append` returns."""

    def __init__(self, path: Path, *, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._reserve = path.with_name("reserve")
        self._keep_reserve()
        self.has_final = False

    def append(self, type_: str, payload: Mapping[str, Any], *, final: bool = False) -> None:
        """Write one line.

        Raises:
            EventTooLargeError: nothing was written.
            RuntimeError: the final line was written before; nothing may follow it.
        """
        if self.has_final:
            raise RuntimeError(f"{type_} comes after the final event of this execution")
        line = encode_event(type_, payload, at=self._clock.now().isoformat(), final=final)
        if len(line) > MAX_LINE_BYTES:
            raise EventTooLargeError(f"an event of {len(line)} bytes does not fit into a frame")
        try:
            self._write(line)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            self._reserve.unlink(missing_ok=True)
            self._write(line)
        self.has_final = final
        if final:
            os.fsync(self._file)
        self._ring()

    def close(self) -> None:
        os.close(self._file)
        self._reserve.unlink(missing_ok=True)

    def _write(self, line: bytes) -> None:
        before = os.fstat(self._file).st_size
        if os.write(self._file, line) < len(line):
            os.ftruncate(self._file, before)
            raise OSError(errno.ENOSPC, "only a part of the event fitted on the disk")

    def _keep_reserve(self) -> None:
        descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
        except OSError:  # a file system that cannot, or a disk that is full already
            pass
        finally:
            os.close(descriptor)


def encode_event(type_: str, payload: Mapping[str, Any], *, at: str, final: bool) -> bytes:
    """Build one line of the events file."""
    event = {"type": type_, "payload": payload, "final": final, "at": at}
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace") + b"\n"  # half a surrogate pair is in no encoding
