"""Cursors that need one trip to their connection's thread a statement."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite


class WholeCursor(aiosqlite.Cursor):
    """Executes and fetches everything at once.

    A connection of aiosqlite lives in a thread. For each statement SQLAlchemy goes there four times
    (make the cursor, execute, fetch, close), and every time both threads wait for each other and
    for the interpreter's lock: that was most of what a commit cost.
    """

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "WholeCursor":
        self._rows = await self._execute(self._all, sql, () if parameters is None else parameters)
        return self

    def _all(self, sql: str, parameters: Any) -> list[Any]:
        return self._cursor.execute(sql, parameters).fetchall()

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        count = size or self.arraysize
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    async def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    async def close(self) -> None:
        """Do nothing: SQLite has let go of a statement whose last row was fetched."""
