"""Which version of a key service's key wraps from now on, known to every process of the board."""

import json
from collections.abc import Callable
from pathlib import Path

from openviber_app.vault import key_files
from openviber_app.vault.errors import KeyFileError


class KeyVersion:
    """A number in a small file; it holds no key. Another key in the settings begins anew."""

    def __init__(self, file: Path, *, key: str, first: int) -> None:
        self._file = file
        self._key = key
        self._mark: key_files.Mark | None = None
        self._current = 0
        with key_files.alone(file.parent):
            if self._read() == 0:
                self._write(first)

    @property
    def current(self) -> int:
        """The version, looked up again when the file was replaced."""
        mark = key_files.mark_of(self._file)
        if mark != self._mark:
            self._current, self._mark = self._read() or self._current, mark
        return self._current

    def advance(self, following: Callable[[int], int]) -> int:
        """Put the number that follows the current one in its place; one process at a time."""
        with key_files.alone(self._file.parent):
            self._write(following(self._read() or self._current))
        return self.current

    def _read(self) -> int:
        """Return the version, or 0 when there is none for this key."""
        if not self._file.exists():
            return 0
        try:
            document = json.loads(key_files.read(self._file))
            return int(document["version"]) if document["key"] == self._key else 0
        except (ValueError, KeyError, TypeError) as error:
            raise KeyFileError(self._file, "is damaged: put it back from a backup") from error

    def _write(self, version: int) -> None:
        document = {"key": self._key, "version": version}
        key_files.replace(self._file, json.dumps(document).encode())
