"""The daemon's durable memory: answered commands, control records, cursors."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from openviber_daemon.clock import Clock
from openviber_daemon.errors import NodeError

CONTROL = "control"
VERSION = 1
BUSY_MS = 5000

SCHEMA = """
CREATE TABLE IF NOT EXISTS inbox (
  command_id TEXT NOT NULL, attempt INTEGER NOT NULL, accepted INTEGER NOT NULL,
  message TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (command_id, attempt)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  seq INTEGER PRIMARY KEY, type TEXT NOT NULL, payload TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cursors (stream TEXT PRIMARY KEY, acked INTEGER NOT NULL) WITHOUT ROWID;
"""


class SpoolVersionError(NodeError):
    """The file was written by a newer daemon."""

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"{path} was written by a newer daemon (version {version}, this one reads {VERSION}): "
            "install the newer daemon again"
        )


@dataclass(frozen=True)
class Reply:
    """The answer to a command, the same for every copy of it."""

    accepted: bool
    message: str = ""


@dataclass(frozen=True)
class ControlRecord:
    """Something to tell the hub that belongs to no execution."""

    seq: int
    type: str
    payload: str
    at: str

    def read(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.payload)
        return found


class Spool:
    """`state.sqlite3`. A reply, and the records that came of its command, are one transaction."""

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._clock = clock
        self._db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
        path.chmod(0o600)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            self._db.close()
            raise SpoolVersionError(path, version)
        self._db.executescript(SCHEMA)
        self._db.execute(f"PRAGMA user_version={VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # ------------------------------------------------------------ inbox

    def find_reply(self, *, command_id: UUID, attempt: int) -> Reply | None:
        row = self._db.execute(
            "SELECT accepted, message FROM inbox WHERE command_id=? AND attempt=?",
            (str(command_id), attempt),
        ).fetchone()
        return None if row is None else Reply(accepted=bool(row[0]), message=row[1])

    def store_reply(
        self,
        reply: Reply,
        *,
        command_id: UUID,
        attempt: int,
        records: Iterable[tuple[str, Mapping[str, object]]] = (),
    ) -> Reply:
        """Keep the first reply to a command, with the records it brings; return that first one."""
        at = self._clock.now().isoformat()
        # A record's number must never be given twice, not even after a power cut: the hub would
        # take the second for the first. Replies alone may be lost with the last seconds before it.
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("BEGIN IMMEDIATE")
        try:
            kept = self.find_reply(command_id=command_id, attempt=attempt)
            if kept is None:
                self._db.execute(
                    "INSERT INTO inbox VALUES (?,?,?,?,?)",
                    (str(command_id), attempt, reply.accepted, reply.message, at),
                )
                for position, (kind, payload) in enumerate(records, self.control_next()):
                    self._db.execute(
                        "INSERT INTO outbox VALUES (?,?,?,?)",
                        (position, kind, json.dumps(payload), at),
                    )
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        finally:
            self._db.execute("PRAGMA synchronous=NORMAL")
        return kept or reply

    # ------------------------------------------------------------ control records

    def control_next(self) -> int:
        """Give the number that the next control record will have."""
        (last,) = self._db.execute("SELECT max(seq) FROM outbox").fetchone()
        return self.cursor(CONTROL) if last is None else last + 1

    def list_control(self, *, start: int, limit: int) -> list[ControlRecord]:
        rows = self._db.execute(
            "SELECT seq, type, payload, at FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ?",
            (start, limit),
        )
        return [ControlRecord(*row) for row in rows]

    def forget_control(self, *, before: int) -> None:
        """Remove the control records that the hub holds, and remember how many there were."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM outbox WHERE seq < ?", (before,))
        self._store_cursor(CONTROL, before)
        self._db.execute("COMMIT")

    # ------------------------------------------------------------ cursors

    def cursor(self, stream: str) -> int:
        """Give how far the hub is known to hold a stream; it may hold more."""
        row = self._db.execute("SELECT acked FROM cursors WHERE stream=?", (stream,)).fetchone()
        return 0 if row is None else row[0]

    def save_cursors(self, cursors: Mapping[str, int]) -> None:
        if not cursors:
            return
        self._db.execute("BEGIN IMMEDIATE")
        for stream, acked in cursors.items():
            self._store_cursor(stream, acked)
        self._db.execute("COMMIT")

    def drop_cursors(self, streams: Iterable[str]) -> None:
        self._db.executemany("DELETE FROM cursors WHERE stream=?", [(name,) for name in streams])

    def _store_cursor(self, stream: str, acked: int) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO cursors VALUES (?,?)",
            (stream, acked),
        )
