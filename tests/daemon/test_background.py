import asyncio
import threading

import pytest

from openviber_daemon.background import in_background


async def test_a_result_comes_back() -> None:
    assert await in_background(lambda: threading.current_thread().name, name="me") == "me"


async def test_an_error_comes_back() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await in_background(fail, name="fails")


async def test_whoever_waits_can_give_up() -> None:
    release, ended = threading.Event(), threading.Event()

    def work() -> None:
        release.wait(30)
        ended.set()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await in_background(work, name="slow")
    release.set()
    assert await asyncio.to_thread(ended.wait, 30)
    await asyncio.sleep(0)
