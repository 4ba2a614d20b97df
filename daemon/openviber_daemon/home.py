"""Where everything that a node keeps lives on disk."""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class Home:
    """The folder `$OPENVIBER_HOME` and the names inside it."""

    root: Path

    @property
    def config_file(self) -> Path:
        return self.root / "config.json"

    @property
    def signing_key_file(self) -> Path:
        return self.root / "keys" / "signing.key"

    @property
    def sealing_key_file(self) -> Path:
        return self.root / "keys" / "sealing.key"

    @property
    def previous_sealing_key_file(self) -> Path:
        """The sealing key before this one, for runners that were just started with it."""
        return self.root / "keys" / "sealing.previous.key"

    @property
    def next_identity_file(self) -> Path:
        return self.root / "keys" / "next.json"

    @property
    def rotation_lock_file(self) -> Path:
        return self.root / "keys" / "rotation.lock"

    @property
    def lock_file(self) -> Path:
        return self.root / "daemon.lock"

    @property
    def state_file(self) -> Path:
        return self.root / "state.sqlite3"

    @property
    def status_file(self) -> Path:
        return self.root / "status.json"

    @property
    def board_config_file(self) -> Path:
        return self.root / "board-config.json"

    @property
    def tools_file(self) -> Path:
        return self.root / "tools.json"

    @property
    def doorbell(self) -> Path:
        return self.root / "doorbell.sock"

    @property
    def log_file(self) -> Path:
        return self.root / "logs" / "daemon.log"

    @property
    def attempts(self) -> Path:
        return self.root / "attempts"

    def attempt(self, execution_id: UUID) -> Path:
        return self.attempts / str(execution_id)

    def create(self) -> None:
        """Make the folders, for their owner only."""
        for folder in (self.root, self.root / "keys", self.attempts, self.log_file.parent):
            make_private_directory(folder)


def make_private_directory(path: Path) -> None:
    """Make `path` and what leads to it; `path` itself becomes readable by its owner only."""
    path.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(PRIVATE_DIRECTORY)


def write_private(path: Path, content: bytes) -> None:
    """Replace `path` in one step, readable by its owner only: a crash leaves the old or the new."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
