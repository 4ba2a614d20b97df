"""Key files: private to the board's user, whole after a crash, never replaced by accident."""

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from openviber_app.vault.errors import KeyFileError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO
Mark = tuple[int, int, int]


def read_or_make(file: Path, make: Callable[[], bytes]) -> bytes:
    """Return what a key file holds; make it first when there is none.

    Raises:
        KeyFileError: others may read the file, or it is empty.
    """
    file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if not file.exists():
        _write(file, make(), put=_link)
    return read(file)


def read(file: Path) -> bytes:
    """Return what a key file holds.

    Raises:
        KeyFileError: it is gone, others may read it, or it is empty.
    """
    try:
        mode = file.stat().st_mode
        content = file.read_bytes()
    except OSError as error:
        raise KeyFileError(file, f"cannot be read: {error.strerror}") from error
    if mode & OTHERS:
        raise KeyFileError(file, f"may be read by other users: run chmod 600 {file}")
    if not content.strip():
        raise KeyFileError(file, "is empty: put it back from a backup")
    return content


def replace(file: Path, content: bytes) -> None:
    """Put new content in a file's place at once: a reader sees the old or the new, whole.

    Raises:
        KeyFileError: it cannot be written; the old one is still there.
    """
    try:
        file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        _remove_drafts_of_the_dead(file)
        _write(file, content, put=os.replace)
    except OSError as error:
        raise KeyFileError(file, f"cannot be replaced: {error.strerror or error}") from error


def mark_of(file: Path) -> Mark | None:
    """Return what changes whenever a file is replaced; None when it is gone."""
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes that read a file, think, and replace it."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(file: Path, content: bytes, *, put: Callable[[Path, Path], None]) -> None:
    """Write beside, then move: a crash leaves no half key."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            put(draft, file)
        except FileExistsError:
            return  # a second maker changes nothing
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_drafts_of_the_dead(file: Path) -> None:
    """Remove what processes that were killed while they wrote have left: it holds keys too."""
    for draft in file.parent.glob(f".{file.name}.*"):
        pid = draft.name.rpartition(".")[2]
        if pid.isdigit() and not _lives(int(pid)):
            draft.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it is somebody else's
    return True


def _link(draft: Path, file: Path) -> None:
    os.link(draft, file)
