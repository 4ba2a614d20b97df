"""The newest generation of secrets that was seen of each environment, kept beside the keys.

The database's own word can be put back together with its rows; this file cannot, unless somebody
writes in the folder of the keys too. A restored backup brings both.
"""

import json
from pathlib import Path
from uuid import UUID

from openviber_app.vault import key_files
from openviber_app.vault.errors import KeyFileError

FILE = "generations.json"


class HighWater:
    """Numbers that only rise; the file is looked up again when it was replaced."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark: key_files.Mark | None = None
        self._seen: dict[str, int] = {}

    def of(self, environment_id: UUID) -> int:
        """Return the newest generation that was seen; 0 when there was none.

        Raises:
            KeyFileError: the file is damaged.
        """
        mark = key_files.mark_of(self._file)
        if mark != self._mark:
            self._seen, self._mark = self._read(), mark
        return self._seen.get(environment_id.hex, 0)

    def rise(self, environment_id: UUID, generation: int) -> None:
        """Remember a generation that is stored; an older one changes nothing."""
        if generation <= self.of(environment_id):
            return
        with key_files.alone(self._file.parent):
            seen = self._read()
            seen[environment_id.hex] = max(generation, seen.get(environment_id.hex, 0))
            key_files.replace(self._file, json.dumps(seen, indent=0).encode())

    def _read(self) -> dict[str, int]:
        if not self._file.exists():
            return {}
        try:
            document = json.loads(key_files.read(self._file))
            return {str(key): int(value) for key, value in document.items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise KeyFileError(self._file, "is damaged: put it back from a backup") from error
