"""Work for a visitor who may go away: it ends when they do."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

GONE = 499
"""What logs of proxies call a visitor who hung up; nobody reads this answer."""

T = TypeVar("T")


async def while_connected(request: Request, work: Awaitable[T]) -> T:
    """Wait for `work`, and cancel it when the visitor hangs up; the body has to be read already.

    Raises:
        HTTPException: they did.
    """

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        raise HTTPException(GONE, "the visitor hung up")

    async def worked() -> T:
        return await work

    try:
        async with asyncio.TaskGroup() as tasks:
            watcher = tasks.create_task(watch())
            task = tasks.create_task(worked())
            task.add_done_callback(lambda _: watcher.cancel())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
    return task.result()
