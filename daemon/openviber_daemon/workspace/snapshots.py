"""What a workspace's files are at one moment, as a git tree."""

import os
import shutil
from pathlib import Path

from openviber_daemon.workspace.errors import GitError
from openviber_daemon.workspace.git import Git

INDEX = "openviber-index"
"""Kept beside the folder's own index: git's memory of file times makes the next one fast."""

STATUSES = {
    "A": "added",
    "M": "modified",
    "D": "deleted",
    "R": "renamed",
    "C": "added",
    "T": "type_changed",
}


def snapshot(path: Path, *, git: Git | None = None) -> str | None:
    """Return the tree of all tracked and untracked (not ignored) files; None without git.

    The folder's own index, HEAD and files stay as they are.

    Raises:
        GitError: git cannot read the files.
    """
    git = git or Git()
    found = git.find(
        "rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--show-toplevel", cwd=path
    )
    if found is None or not found.startswith("true\n"):
        return None
    _, folder, top = found.split("\n", 2)
    index = Path(folder) / INDEX
    try:
        return _write_tree(git, top=Path(top), index=index)
    except GitError:
        # Objects that only this index knew may have been pruned since: once more from the start.
        index.unlink(missing_ok=True)
        return _write_tree(git, top=Path(top), index=index)


def _write_tree(git: Git, *, top: Path, index: Path) -> str:
    # Two snapshots of one folder at once would meet on the index's lock file.
    own = index.with_name("index")
    if not index.exists() and own.exists():
        draft = index.with_name(f"{INDEX}.{os.getpid()}")
        shutil.copy2(own, draft)
        draft.replace(index)
    environment = {"GIT_INDEX_FILE": str(index)}
    git.run("add", "--all", "--", ".", cwd=top, environment=environment, doing="read the files")
    return git.run("write-tree", cwd=top, environment=environment, doing="read the files").text


def diff(path: Path, before: str, after: str, *, git: Git | None = None) -> list[dict[str, object]]:
    """Return `FileChange` payloads between two trees; a binary file counts -1 lines."""
    if before == after:
        return []
    git = git or Git()
    output = git.run(
        "diff-tree",
        "-r",
        "-z",
        "--find-renames",
        "--raw",
        "--numstat",
        "--no-abbrev",
        "--no-ext-diff",
        "--no-textconv",
        "--end-of-options",
        before,
        after,
        cwd=path,
        doing="compare the files",
    ).stdout
    return parse_diff(output)


def parse_diff(output: bytes) -> list[dict[str, object]]:
    """Read the output of `git diff-tree -z --raw --numstat`: all raw records, then all counts."""
    fields = iter(output.split(b"\0"))
    changes: dict[str, dict[str, object]] = {}
    for field in fields:
        if not field:
            continue
        if field.startswith(b":"):
            letter = field.rsplit(b" ", 1)[1][:1].decode()
            path = _name(next(fields))
            old = ""
            if letter in ("R", "C"):
                old, path = path, _name(next(fields))
            changes[path] = {
                "path": path, "status": STATUSES.get(letter, "modified"),
                "oldPath": old if letter == "R" else "", "additions": 0, "deletions": 0,
            }  # fmt: skip
            continue
        added, deleted, name = field.split(b"\t", 2)
        if not name:
            next(fields)
            name = next(fields)
        changes[_name(name)] |= {"additions": _count(added), "deletions": _count(deleted)}
    return [changes[path] for path in sorted(changes)]


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _count(raw: bytes) -> int:
    return -1 if raw == b"-" else int(raw)
