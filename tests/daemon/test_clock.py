from openviber_daemon.clock import SystemClock


def test_times_are_aware_and_go_on() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is not None
    first = clock.boottime()
    assert clock.boottime() >= first
