"""Waiting for facts inside a running loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
DEADLINE_SECONDS = 40.0


async def fact(
    look: Callable[[], Found | None], what: str, *, seconds: float = DEADLINE_SECONDS
) -> Found:
    """Return the first truthy value of `look`; say what was awaited when it never comes."""
    try:
        async with asyncio.timeout(seconds):
            while not (found := look()):  # noqa: ASYNC110 - other processes set no events
                await asyncio.sleep(0.01)
            return found
    except TimeoutError:
        raise AssertionError(f"never came true: {what}") from None
