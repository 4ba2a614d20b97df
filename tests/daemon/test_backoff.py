from openviber_daemon.backoff import BackOff
from openviber_protocol.closing import SLOW_SECONDS


def highest(_low: float, high: float) -> float:
    return high


def test_the_limit_doubles_up_to_a_minute() -> None:
    back_off = BackOff(spread=highest)
    assert [back_off.next_delay() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_good_connection_forgets_the_failures_before_it() -> None:
    back_off = BackOff(spread=highest)
    for _ in range(4):
        back_off.next_delay()
    back_off.lasted(0.5)
    assert back_off.next_delay() == 16
    back_off.lasted(30)
    assert back_off.next_delay() == 1


def test_a_wrong_version_waits_for_minutes() -> None:
    assert BackOff(spread=lambda low, _: low).next_delay(is_slow=True) >= SLOW_SECONDS


def test_waits_are_spread() -> None:
    assert len({BackOff().next_delay() for _ in range(20)}) > 1
