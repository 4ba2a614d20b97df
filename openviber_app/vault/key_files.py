"""Key files: made once, private to the board's user, never replaced by accident."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from openviber_app.vault.errors import KeyFileError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_or_make(file: Path, make: Callable[[], bytes]) -> bytes:
    """Return what a key file holds; make it first when there is none.

    Raises:
        KeyFileError: others may read the file, or it is empty.
    """
    file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if not file.exists():
        _make(file, make())
    if file.stat().st_mode & OTHERS:
        raise KeyFileError(file, f"may be read by other users: run chmod 600 {file}")
    content = file.read_bytes()
    if not content.strip():
        raise KeyFileError(file, "is empty: put it back from a backup")
    return content


def _make(file: Path, content: bytes) -> None:
    """Write beside, then link: a crash leaves no half key, and a second maker changes nothing."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
