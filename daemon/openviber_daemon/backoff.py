"""How long a node waits before it connects again."""

import random
from collections.abc import Callable

from openviber_protocol.closing import SLOW_SECONDS

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 60.0
STEADY_SECONDS = 10.0
"""A connection that lasted this long was a good one: the next failure is a first failure again."""


class BackOff:
    """Full jitter: a wait is anything up to a limit that doubles, so nodes never come at once."""

    def __init__(self, *, spread: Callable[[float, float], float] = random.uniform) -> None:
        self._spread = spread
        self._failures = 0

    def next_delay(self, *, is_slow: bool = False) -> float:
        limit = min(LONGEST_SECONDS, FIRST_SECONDS * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        if is_slow:
            return SLOW_SECONDS + self._spread(0.0, LONGEST_SECONDS)
        return self._spread(0.0, limit)

    def lasted(self, seconds: float) -> None:
        """Say how long the last connection was open."""
        if seconds >= STEADY_SECONDS:
            self._failures = 0
