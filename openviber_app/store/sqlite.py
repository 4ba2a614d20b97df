"""SQLite connections that are closed for certain."""

import asyncio
import sqlite3

import aiosqlite
from aiosqlite.context import contextmanager

from openviber_app.store.sqlite_cursor import WholeCursor


class ClosingConnection(aiosqlite.Connection):
    """Ending it rolls back first, whatever else is being done to the connection meanwhile.

    SQLAlchemy drops a connection whose task is cancelled. Its last statement may then live on in a
    traceback, and a file that is closed under a living statement stays open with its transaction:
    the database would be locked until the garbage collector comes by.
    """

    async def close(self) -> None:
        if self._connection is not None:
            self._tx.put_nowait((None, self._connection.rollback))
        await super().close()

    def stop(self) -> asyncio.Future[None] | None:
        if self._connection is not None:
            self._tx.put_nowait((None, self._connection.rollback))
            self._tx.put_nowait((None, self._connection.close))
        return super().stop()

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return WholeCursor(self, self._conn.cursor())


def connect(file: str, *, timeout: float) -> ClosingConnection:
    """Open a database file; `timeout` is how long a locked one is waited for, in seconds."""

    def connector() -> sqlite3.Connection:
        return sqlite3.connect(file, timeout=timeout, check_same_thread=False)

    connection = ClosingConnection(connector, iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for its own
    return connection
