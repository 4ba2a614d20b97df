"""Whose check may start programs now: a few on the board, one for each person."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from openviber_app.domain.errors import TooManyRequestsError

AT_ONCE = 4
RETRY_SECONDS = 5


class CheckTurns:
    """A person's second check waits for the first, a third is refused; four people at once."""

    def __init__(self) -> None:
        self._board = asyncio.Semaphore(AT_ONCE)
        self._people: dict[UUID, asyncio.Lock] = {}
        self._waiting: dict[UUID, int] = defaultdict(int)

    @asynccontextmanager
    async def turn(self, user_id: UUID) -> AsyncIterator[None]:
        """Wait for a turn and hold it.

        Raises:
            TooManyRequestsError: one check of this person runs and one waits already.
        """
        if self._waiting[user_id] > 1:
            raise TooManyRequestsError(RETRY_SECONDS)
        self._waiting[user_id] += 1
        mine = self._people.setdefault(user_id, asyncio.Lock())
        try:
            async with mine, self._board:
                yield
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id], self._people[user_id]
