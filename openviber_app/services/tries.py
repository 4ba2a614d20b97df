"""How often something was tried: the brake on guessing."""

from collections import deque

from openviber_app.domain.clock import Clock
from openviber_app.domain.errors import TooManyRequestsError
from openviber_app.vault.tokens import hash_token

MAX_KEYS = 10_000
KEY_MAX = 200


class Tries:
    """Counts tries for a key within a moving window, in this process only.

    Its memory is bounded: keys beyond `MAX_KEYS` push out those that were tried longest ago.
    """

    def __init__(self, clock: Clock, *, limit: int = 10, window_seconds: float = 300) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window_seconds
        self._made: dict[str, deque[float]] = {}  # in the order of their last try

    def add(self, *keys: str, limit: int | None = None) -> None:
        """Count one try for each key, unless one of them has none left.

        Raises:
            TooManyRequestsError: the limit is reached; it says how long to wait.
        """
        now = self._clock.boottime()
        names = [_short(key) for key in keys]
        for name in names:
            made = self._recent(name, now)
            if len(made) >= (limit or self._limit):
                raise TooManyRequestsError(int(made[0] + self._window - now) + 1)
        for name in names:
            made = self._made.pop(name, None) or deque[float]()
            made.append(now)
            self._made[name] = made
        self._make_room(now)

    def give_back(self, *keys: str) -> None:
        """Take the last try back: it was a right one, but the wrong ones before it still count."""
        for key in keys:
            if made := self._made.get(_short(key)):
                made.pop()

    def forget(self, *keys: str) -> None:
        """Start again for these keys: the right answer was given."""
        for key in keys:
            self._made.pop(_short(key), None)

    def _recent(self, name: str, now: float) -> deque[float]:
        made = self._made.get(name, deque[float]())
        while made and made[0] <= now - self._window:
            made.popleft()
        return made

    def _make_room(self, now: float) -> None:
        while self._made:
            oldest = next(iter(self._made))
            if len(self._made) <= MAX_KEYS and self._recent(oldest, now):
                return
            del self._made[oldest]


def _short(key: str) -> str:
    """Return a key that nobody can make large."""
    return key if len(key) <= KEY_MAX else hash_token(key)
