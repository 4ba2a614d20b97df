"""A thread with a connection of its own, in which a whole SQLite transaction is one trip."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

Result = TypeVar("Result")


class WriterThread:
    """Carries out transactions one after the other.

    A session of the event loop goes to its connection's thread for each statement, and both wait
    for each other and for the interpreter's lock every time: most of what a small commit costs.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Return what `work` returns, once its transaction is committed.

        Whoever is cancelled here leaves a transaction that goes on: it commits or rolls back whole,
        and the next writer waits for the database's own lock until then.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._whole, work)

    def _whole(self, work: Callable[[sa.Connection], Result]) -> Result:
        with self._engine.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Close the connection, after what was begun."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown(wait=False)
