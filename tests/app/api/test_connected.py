import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from openviber_app.api.connected import while_connected
from openviber_app.domain.errors import ConflictError


def visitor(gone: asyncio.Event) -> Request:
    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http", "headers": []}, receive)


async def test_the_answer_of_the_work_is_given() -> None:
    async def work() -> int:
        return 7

    assert await while_connected(visitor(asyncio.Event()), work()) == 7


async def test_an_error_of_the_work_comes_as_it_is() -> None:
    async def work() -> int:
        raise ConflictError("no")

    with pytest.raises(ConflictError, match="no"):
        await while_connected(visitor(asyncio.Event()), work())


async def test_work_ends_when_the_visitor_hangs_up() -> None:
    gone, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        gone.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(HTTPException):
        await while_connected(visitor(gone), work())
    assert ended.is_set()
