"""How a folder goes, also one whose files were made read-only."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Delete a folder and all that is in it; a link is deleted, never followed."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
        return
    shutil.rmtree(folder, onerror=_make_writable)
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def _make_writable(function: Callable[..., object], path: str, _error: object) -> None:
    # Go's module cache and some package managers take the owner's right to write away.
    try:
        for name in (os.path.dirname(path), path):  # noqa: PTH120 - rmtree speaks in texts
            if not os.path.islink(name):  # noqa: PTH114 - as above
                os.chmod(name, os.stat(name).st_mode | stat.S_IRWXU)  # noqa: PTH101, PTH116 - as above
        function(path)
    except OSError:
        return


def size_of(folder: Path) -> int:
    """Give the bytes that a folder takes on its disk, each hard link once."""
    total, seen = 0, set[tuple[int, int]]()
    pending = [os.fspath(folder)]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                facts = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            if facts.st_nlink == 1 or (facts.st_dev, facts.st_ino) not in seen:
                seen.add((facts.st_dev, facts.st_ino))
                total += facts.st_blocks * 512
    return total
