from datetime import timedelta

import pytest

from openviber_app.domain.errors import TooManyRequestsError
from openviber_app.services.tries import KEY_MAX, MAX_KEYS, Tries
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


def test_a_try_that_is_given_back_leaves_the_others_counted() -> None:
    tries = Tries(StillClock(), limit=2)
    for _ in range(5):
        tries.add("a")
        tries.give_back("a", "never tried")
    tries.add("a")
    tries.add("a")
    with pytest.raises(TooManyRequestsError):
        tries.add("a")


def test_keys_whose_window_is_over_are_forgotten() -> None:
    clock = StillClock()
    tries = Tries(clock, limit=1, window_seconds=60)
    for n in range(MAX_KEYS + 1):
        tries.add(f"old {n}")
    clock.move(timedelta(seconds=61))
    tries.add("new")
    assert len(tries._made) == 1


def test_a_storm_of_keys_within_the_window_cannot_fill_the_memory() -> None:
    clock = StillClock()
    tries = Tries(clock, limit=2, window_seconds=60)
    tries.add("quiet")
    for n in range(MAX_KEYS + 500):
        tries.add(f"storm {n}", "busy" if n % MAX_KEYS == 0 else f"more {n}")
    assert len(tries._made) <= MAX_KEYS
    assert "quiet" not in tries._made
    assert "busy" in tries._made


def test_a_key_that_somebody_made_endless_is_kept_short() -> None:
    tries = Tries(StillClock(), limit=1)
    endless = "sign-in as " + "x" * 1_000_000
    tries.add(endless)
    with pytest.raises(TooManyRequestsError):
        tries.add(endless)
    assert max(map(len, tries._made)) <= KEY_MAX
    tries.forget(endless)
    tries.add(endless)


def test_a_key_may_have_a_limit_of_its_own() -> None:
    tries = Tries(StillClock(), limit=1)
    for _ in range(3):
        tries.add("tokens", limit=3)
    with pytest.raises(TooManyRequestsError):
        tries.add("tokens", limit=3)
