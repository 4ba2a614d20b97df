"""Git's progress, thinned out to what a log should keep."""

import re
import time
from collections.abc import Callable

SECONDS = 1.0
BREAK = re.compile(rb"[\r\n]")


class Progress:
    """Passes whole lines on; of one that is written over and over, one a second."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._rest = b""
        self._shown_at = time.monotonic()

    def feed(self, data: bytes) -> None:
        """Take what git printed."""
        self._rest += data
        while found := BREAK.search(self._rest):
            line, self._rest = self._rest[: found.start()], self._rest[found.end() :]
            if found.group() == b"\n":
                self._put(line)
            elif line.strip():
                self._overwritten(line)

    def finish(self) -> None:
        """Pass on what is left."""
        self._put(self._rest)
        self._rest = b""

    def _overwritten(self, line: bytes) -> None:
        now = time.monotonic()
        if now - self._shown_at >= SECONDS:
            self._shown_at = now
            self._put(line)

    def _put(self, line: bytes) -> None:
        if line.strip():
            self._write(line.rstrip() + b"\n")
