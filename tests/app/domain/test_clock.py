from datetime import UTC, datetime, timedelta

from openviber_app.domain.clock import Clock, SystemClock
from tests.support.board import StillClock


def test_the_systems_clock_tells_an_aware_utc_time_and_never_runs_back() -> None:
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    first = clock.boottime()
    assert clock.boottime() >= first > 0


def test_the_tests_clock_moves_only_when_told() -> None:
    clock = StillClock(datetime(2026, 1, 1, tzinfo=UTC))
    before = (clock.now(), clock.boottime())
    assert (clock.now(), clock.boottime()) == before
    clock.move(timedelta(hours=1))
    assert clock.now() - before[0] == timedelta(hours=1)
    assert clock.boottime() - before[1] == 3600
