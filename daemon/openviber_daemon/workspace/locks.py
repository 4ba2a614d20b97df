"""Who holds a folder: a lock that ends with the process that took it."""

import fcntl
import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from openviber_daemon.home import make_private_directory
from openviber_daemon.workspace.errors import BusyError
from openviber_daemon.workspace.watching import NOBODY, Watch

POLL_SECONDS = 0.1


class FolderLock:
    """An exclusive lock on a folder, by its real path, whatever environment uses it."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._file = (
            home / "locks" / hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:32]
        )
        self._folder = folder
        self._descriptor: int | None = None

    def try_take(self) -> bool:
        """Take the lock unless somebody else has it; say whether it is held now."""
        if self._descriptor is not None:
            return True
        make_private_directory(self._file.parent)
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def take(self, watch: Watch = NOBODY, *, waiting: str = "") -> Self:
        """Take the lock, waiting as long as it needs; the first wait is told in the log.

        Raises:
            StoppedError: somebody asked for the end.
        """
        told = False
        while not self.try_take():
            if not told and waiting:
                watch.say(waiting)
            told = True
            if watch.cancel is None:
                raise BusyError(f"{self._folder} is in use by another execution")
            watch.cancel.wait(POLL_SECONDS)
            watch.check()
        return self

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
