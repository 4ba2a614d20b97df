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


def replace(file: Path, content: bytes) -> None:
    """Put another content in a key file's place: a crash leaves the old one whole, or the new.

    Raises:
        KeyFileError: it cannot be written; the old one is still there.
    """
    try:
        draft = _draft(file, content)
        draft.replace(file)
        _sync_folder(file.parent)
    except OSError as error:
        raise KeyFileError(file, f"cannot be replaced: {error.strerror or error}") from error


def _make(file: Path, content: bytes) -> None:
    """Write beside, then link: a crash leaves no half key, and a second maker changes nothing."""
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(file.parent)


def _draft(file: Path, content: bytes) -> Path:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
