"""Waiting for facts finely enough to time them."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
DEADLINE_SECONDS = 120.0


def wait_for(
    fact: Callable[[], Found | None], *, what: str, every: float = 0.002, deadline: float = 0
) -> Found:
    """Return the first truthy value of `fact`.

    Raises:
        TimeoutError: it never came.
    """
    ends = time.monotonic() + (deadline or DEADLINE_SECONDS)
    while not (found := fact()):
        if time.monotonic() > ends:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(every)
    return found
