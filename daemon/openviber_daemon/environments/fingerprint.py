"""What a finished set-up was made from, so that a change can be named."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

COMMIT = "commit"
LOCKFILE = "lockfile "

LOCKFILES = (
    "uv.lock", "poetry.lock", "pyproject.toml", "setup.py", "setup.cfg",
    "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb", "package-lock.json",
    "npm-shrinkwrap.json", "package.json",
    "Cargo.lock", "go.mod", "go.sum", "Gemfile.lock", "composer.lock",
)  # fmt: skip


def lockfiles(folder: Path) -> dict[str, str]:
    """Give a short hash of each file that says what is to be installed."""
    found = {name: folder / name for name in LOCKFILES if (folder / name).is_file()} | {
        path.name: path for path in folder.glob("requirements*.txt") if path.is_file()
    }
    return {
        f"{LOCKFILE}{name}": hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for name, path in sorted(found.items())
    }


def build(board: Mapping[str, str], *, commit: str, folder: Path) -> dict[str, str]:
    """Join the board's parts with the commit and the lockfiles in the working directory."""
    parts = dict(board) | lockfiles(folder)
    if commit:
        parts[COMMIT] = commit
    return parts


def is_boards(name: str) -> bool:
    """Say whether a part is one that the board gave, and not this node."""
    return name != COMMIT and not name.startswith(LOCKFILE)


def board_parts(fingerprint: Mapping[str, str]) -> dict[str, str]:
    """Give the parts that the board gave."""
    return {name: value for name, value in fingerprint.items() if is_boards(name)}


def lockfile_parts(fingerprint: Mapping[str, str]) -> dict[str, str]:
    """Give the parts that say what is to be installed."""
    return {name: value for name, value in fingerprint.items() if name.startswith(LOCKFILE)}


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Name the parts that differ, were added or went, in a stable order."""
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
