"""The database: one engine to read from, one door to write through."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from openviber_app.store import sqlite
from openviber_app.store.writer_thread import WriterThread

BUSY_TIMEOUT_MS = 30_000

Result = TypeVar("Result")


def sqlite_url(file: Path) -> str:
    """Return the address of a database file."""
    return f"sqlite+aiosqlite:///{file}"


def _pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _engine(url: str, begin: str) -> AsyncEngine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_async_engine(url, hide_parameters=True)
    file = address.database or ":memory:"
    engine = create_async_engine(
        url,
        async_creator=lambda: sqlite.connect(file, timeout=BUSY_TIMEOUT_MS / 1000),
        hide_parameters=True,  # an error goes to the log, and people's words do not
    )
    _prepare(engine.sync_engine, begin)
    return engine


def _prepare(engine: Engine, begin: str) -> None:
    def say_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", say_begin)


def _writer_thread(url: str) -> WriterThread | None:
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    engine = create_engine(
        address.set(drivername="sqlite"),
        pool_size=1,
        pool_reset_on_return=None,  # `begin()` has committed or rolled back before
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )
    _prepare(engine, "BEGIN IMMEDIATE")
    return WriterThread(engine)


class Store:
    """Sessions over one database. Reads run side by side; writes wait for each other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._readers = _engine(url, "BEGIN")
        self._writers = _engine(url, "BEGIN IMMEDIATE")
        self._read_session = async_sessionmaker(self._readers, expire_on_commit=False)
        self._write_session = async_sessionmaker(self._writers, expire_on_commit=False)
        self._thread = _writer_thread(url)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open a session that sees one moment of the database and changes nothing."""
        async with self._read_session() as session:
            yield session  # closing rolls back and, unlike rollback(), leaves the rows readable

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open the one write transaction; it commits on the way out, or rolls back on an error."""
        async with self._lock, self._write_session() as session, session.begin():
            yield session

    async def write_at_once(self, work: Callable[[Connection], Result]) -> Result:
        """Let `work` write in one transaction that does not return to the event loop meanwhile.

        It has to be short and of plain statements: another thread carries it out.
        """
        async with self._lock:
            if self._thread is not None:
                return await self._thread.run(work)
            async with self._writers.begin() as connection:
                return await connection.run_sync(work)

    async def close(self) -> None:
        """Close every connection; one left open would hang the process's exit."""
        await self._readers.dispose()
        await self._writers.dispose()
        if self._thread is not None:
            await self._thread.close()
