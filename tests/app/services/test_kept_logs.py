"""Tests of `openviber_app.services.kept_logs`."""

from openviber_app.services.kept_logs import KeptLogs


def test_before_the_first_count_nothing_is_known_to_fit() -> None:
    kept = KeptLogs()
    assert not kept.has_room(1, quota=100)
    assert kept.bytes is None


def test_what_fits_is_added_and_what_does_not_asks_for_a_count() -> None:
    kept = KeptLogs(bytes=60)
    assert kept.has_room(40, quota=100)
    assert kept.bytes == 100
    assert not kept.has_room(1, quota=100)
    assert kept.bytes == 100
