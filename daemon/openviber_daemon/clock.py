"""The daemon's clocks."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the daemon asks of time."""

    def now(self) -> datetime:
        """Give the time of day, for people and for frames."""
        ...

    def boottime(self) -> float:
        """Give seconds that also pass while the machine sleeps, for waits and durations."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def boottime(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)
