from datetime import timedelta

import pytest

from openviber_app.domain.errors import TooManyRequestsError
from openviber_app.services.tries import MAX_KEYS, Tries
from tests.support.board import StillClock


def test_the_limit_holds_for_each_key_and_says_how_long_to_wait() -> None:
    clock = StillClock()
    tries = Tries(clock, limit=3, window_seconds=60)
    for _ in range(3):
        tries.add("a")
    clock.move(timedelta(seconds=20))
    with pytest.raises(TooManyRequestsError) as caught:
        tries.add("a")
    assert caught.value.retry_after == 41
    tries.add("b")


def test_the_window_moves_on() -> None:
    clock = StillClock()
    tries = Tries(clock, limit=2, window_seconds=60)
    tries.add("a")
    clock.move(timedelta(seconds=40))
    tries.add("a")
    clock.move(timedelta(seconds=30))
    tries.add("a")
    with pytest.raises(TooManyRequestsError):
        tries.add("a")


def test_a_refused_try_counts_for_none_of_its_keys() -> None:
    tries = Tries(StillClock(), limit=1)
    tries.add("a")
    with pytest.raises(TooManyRequestsError):
        tries.add("b", "a")
    tries.add("b")


def test_the_right_answer_starts_again() -> None:
    tries = Tries(StillClock(), limit=1)
    tries.add("a")
    tries.forget("a", "never tried")
    tries.add("a")


def test_keys_whose_window_is_over_are_forgotten() -> None:
    clock = StillClock()
    tries = Tries(clock, limit=1, window_seconds=60)
    for n in range(MAX_KEYS + 1):
        tries.add(f"old {n}")
    clock.move(timedelta(seconds=61))
    tries.add("new")
    assert len(tries._made) == 1
