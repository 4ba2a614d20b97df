"""Reading files that other processes append to."""

import json
import os
from array import array
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import cast

BLOCK = 1 << 18
MOST_OPEN = 128


class OpenFiles:
    """Descriptors of the files read last: a node may hold thousands for an absent board."""

    def __init__(self, *, limit: int = MOST_OPEN) -> None:
        self._limit = limit
        self._open: OrderedDict[Path, int] = OrderedDict()

    def size(self, path: Path) -> int:
        """Give the size of a file; 0 when it does not exist."""
        descriptor = self._descriptor(path)
        return 0 if descriptor is None else os.fstat(descriptor).st_size

    def read(self, path: Path, *, start: int, size: int) -> bytes:
        descriptor = self._descriptor(path)
        return b"" if descriptor is None else os.pread(descriptor, size, start)

    def forget(self, path: Path) -> None:
        descriptor = self._open.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)

    def close(self) -> None:
        for path in list(self._open):
            self.forget(path)

    def _descriptor(self, path: Path) -> int | None:
        descriptor = self._open.get(path)
        if descriptor is not None:
            self._open.move_to_end(path)
            return descriptor
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        self._open[path] = descriptor
        if len(self._open) > self._limit:
            self.forget(next(iter(self._open)))
        return descriptor


class EventTail:
    """The complete lines of an `events` file, by number."""

    def __init__(self, path: Path, files: OpenFiles) -> None:
        self._path, self._files = path, files
        self._starts = array("Q", [0])
        self._scanned = 0

    @property
    def count(self) -> int:
        return len(self._starts) - 1

    def look(self) -> int:
        """Take in what was appended; return the number of complete lines.

        A torn last line is read again each time: it may be completed, or cut off and written anew.
        """
        if self._files.size(self._path) <= self._scanned:
            return self.count  # nearly always: most rings are for the log
        size = BLOCK
        while True:
            block = self._files.read(self._path, start=self._scanned, size=size)
            at = block.find(b"\n")
            if at < 0:
                if len(block) < size:
                    return self.count
                size *= 2  # one line that is longer than a block
                continue
            base = self._scanned
            while at >= 0:
                self._scanned = base + at + 1
                self._starts.append(self._scanned)
                at = block.find(b"\n", at + 1)

    def read(self, number: int) -> Mapping[str, object]:
        """Give one event; an empty one for a line that is no JSON object."""
        start, end = self._starts[number], self._starts[number + 1]
        line = self._files.read(self._path, start=start, size=end - start)
        try:
            found: object = json.loads(line)
        except ValueError:
            return {}
        return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}
