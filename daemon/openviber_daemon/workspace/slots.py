"""The register of a node's workspaces: which exist, in what state, for whom."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

BUSY_MS = 15_000

SCHEMA = """
CREATE TABLE IF NOT EXISTS slots (
  binding_id TEXT NOT NULL, environment_id TEXT NOT NULL, n INTEGER NOT NULL, path TEXT NOT NULL,
  mirror TEXT NOT NULL, state TEXT NOT NULL, thread_id TEXT, branch TEXT NOT NULL,
  base_commit TEXT NOT NULL, fingerprint TEXT NOT NULL, last_used_at REAL NOT NULL,
  PRIMARY KEY (environment_id, n)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS slots_thread ON slots (thread_id) WHERE thread_id IS NOT NULL;
"""


class SlotState(StrEnum):
    """Where a slot is; see `MOVES`."""

    FILLING = "filling"
    READY = "ready"
    CLAIMED = "claimed"
    BROKEN = "broken"


MOVES: dict[SlotState, frozenset[SlotState]] = {
    SlotState.FILLING: frozenset({SlotState.READY, SlotState.CLAIMED, SlotState.BROKEN}),
    SlotState.READY: frozenset({SlotState.FILLING, SlotState.CLAIMED, SlotState.BROKEN}),
    SlotState.CLAIMED: frozenset({SlotState.CLAIMED}),
    SlotState.BROKEN: frozenset({SlotState.FILLING}),
}
"""Which state may follow which; a claimed slot only ever goes, by way of the archive."""


@dataclass(frozen=True)
class Slot:
    """One workspace. Number 0 is the one folder of an environment that works in place.

    An empty fingerprint says that its set-up has not been finished.
    """

    binding_id: str
    environment_id: str
    n: int
    path: Path
    mirror: str
    state: SlotState
    thread_id: str | None
    branch: str
    base_commit: str
    fingerprint: dict[str, str]
    last_used_at: float


class SlotMovedError(Exception):
    """Another process changed the slot in between."""


def _read(row: sqlite3.Row) -> Slot:
    return Slot(
        binding_id=row["binding_id"],
        environment_id=row["environment_id"],
        n=row["n"],
        path=Path(row["path"]),
        mirror=row["mirror"],
        state=SlotState(row["state"]),
        thread_id=row["thread_id"],
        branch=row["branch"],
        base_commit=row["base_commit"],
        fingerprint=cast("dict[str, str]", json.loads(row["fingerprint"])),
        last_used_at=row["last_used_at"],
    )


class Slots:
    """The register in `state.sqlite3`; several processes use it at once."""

    def __init__(self, home: Path) -> None:
        self._file = home / "state.sqlite3"
        self._is_made = False

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._file, isolation_level=None, timeout=BUSY_MS / 1000)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous=NORMAL")
            if not self._is_made:
                connection.execute("PRAGMA journal_mode=WAL")
                for statement in SCHEMA.split(";\n"):
                    connection.execute(statement)
                self._is_made = True
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            connection.close()

    def list_of_environment(self, environment_id: str) -> list[Slot]:
        with self._open(write=False) as db:
            rows = db.execute(
                "SELECT * FROM slots WHERE environment_id=? ORDER BY n", (environment_id,)
            )
            return [_read(row) for row in rows]

    def list_of_binding(self, binding_id: str) -> list[Slot]:
        with self._open(write=False) as db:
            rows = db.execute("SELECT * FROM slots WHERE binding_id=? ORDER BY n", (binding_id,))
            return [_read(row) for row in rows]

    def list_all(self) -> list[Slot]:
        with self._open(write=False) as db:
            return [
                _read(row) for row in db.execute("SELECT * FROM slots ORDER BY environment_id, n")
            ]

    def find_of_thread(self, thread_id: str) -> Slot | None:
        with self._open(write=False) as db:
            row = db.execute("SELECT * FROM slots WHERE thread_id=?", (thread_id,)).fetchone()
            return _read(row) if row is not None else None

    def find(self, *, environment_id: str, n: int) -> Slot | None:
        with self._open(write=False) as db:
            row = db.execute(
                "SELECT * FROM slots WHERE environment_id=? AND n=?", (environment_id, n)
            ).fetchone()
            return _read(row) if row is not None else None

    def add(
        self, *, binding_id: str, environment_id: str, root: Path, mirror: str, now: float
    ) -> Slot:
        """Reserve the lowest free number of an environment as a slot that is being filled."""
        with self._open(write=True) as db:
            taken = {
                row["n"]
                for row in db.execute(
                    "SELECT n FROM slots WHERE environment_id=?", (environment_id,)
                )
            }
            n = next(n for n in range(1, len(taken) + 2) if n not in taken)
            slot = Slot(
                binding_id=binding_id, environment_id=environment_id, n=n, path=root / str(n),
                mirror=mirror, state=SlotState.FILLING, thread_id=None, branch="", base_commit="",
                fingerprint={}, last_used_at=now,
            )  # fmt: skip
            _write(db, slot)
            return slot

    def put_place(self, slot: Slot) -> None:
        """Write the one folder of an environment that works in place."""
        with self._open(write=True) as db:
            _write(db, slot)

    def change(self, before: Slot, after: Slot) -> Slot:
        """Replace what is known of a slot, if it is still as it was.

        Raises:
            SlotMovedError: it is not.
        """
        if after.state is not before.state and after.state not in MOVES[before.state]:
            raise SlotMovedError(f"a {before.state} slot cannot become {after.state}")
        with self._open(write=True) as db:
            row = db.execute(
                "SELECT * FROM slots WHERE environment_id=? AND n=?",
                (before.environment_id, before.n),
            ).fetchone()
            if row is None or _read(row) != before:
                raise SlotMovedError(f"slot {before.n} was changed by another execution")
            _write(db, after)
            return after

    def remove(self, slot: Slot) -> None:
        with self._open(write=True) as db:
            db.execute(
                "DELETE FROM slots WHERE environment_id=? AND n=?", (slot.environment_id, slot.n)
            )

    def report(self, binding_id: str) -> dict[str, object]:
        """Give the binding's `SlotReport`; a folder that works in place is no slot."""
        with self._open(write=False) as db:
            rows = db.execute(
                "SELECT state, count(*) AS many FROM slots WHERE binding_id=? AND n>0 GROUP BY "
                "state",
                (binding_id,),
            )
            many = {row["state"]: row["many"] for row in rows}
        return {
            "bindingId": binding_id,
            "ready": many.get(SlotState.READY, 0),
            "claimed": many.get(SlotState.CLAIMED, 0),
        }


def _write(db: sqlite3.Connection, slot: Slot) -> None:
    db.execute(
        "INSERT OR REPLACE INTO slots VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            slot.binding_id,
            slot.environment_id,
            slot.n,
            str(slot.path),
            slot.mirror,
            slot.state,
            slot.thread_id,
            slot.branch,
            slot.base_commit,
            json.dumps(slot.fingerprint),
            slot.last_used_at,
        ),
    )
