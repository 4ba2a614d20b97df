"""How often something was tried: the brake on guessing."""

from collections import defaultdict, deque

from openviber_app.domain.clock import Clock
from openviber_app.domain.errors import TooManyRequestsError

MAX_KEYS = 10_000


class Tries:
    """Counts tries for a key within a moving window, in this process only."""

    def __init__(self, clock: Clock, *, limit: int = 10, window_seconds: float = 300) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window_seconds
        self._made: dict[str, deque[float]] = defaultdict(deque)

    def add(self, *keys: str) -> None:
        """Count one try for each key, unless one of them has none left.

        Raises:
            TooManyRequestsError: the limit is reached; it says how long to wait.
        """
        now = self._clock.boottime()
        for key in keys:
            made = self._recent(key, now)
            if len(made) >= self._limit:
                raise TooManyRequestsError(int(made[0] + self._window - now) + 1)
        if len(self._made) > MAX_KEYS:
            self._forget_old(now)
        for key in keys:
            self._made[key].append(now)

    def forget(self, *keys: str) -> None:
        """Start again for these keys: the right answer was given."""
        for key in keys:
            self._made.pop(key, None)

    def _recent(self, key: str, now: float) -> deque[float]:
        made = self._made.get(key, deque[float]())
        while made and made[0] <= now - self._window:
            made.popleft()
        return made

    def _forget_old(self, now: float) -> None:
        for key in [key for key in self._made if not self._recent(key, now)]:
            del self._made[key]
