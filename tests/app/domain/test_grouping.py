"""Tests of `openviber_app.domain.grouping`."""

from datetime import UTC, datetime, timedelta

from openviber_app.domain.grouping import ThreadGroup, group_of

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def _group(ago: timedelta, *, status: str = "active", offset: int = 0) -> ThreadGroup:
    return group_of(status=status, last_activity=NOW - ago, now=NOW, utc_offset_minutes=offset)


def test_days_are_calendar_days_not_spans_of_24_hours() -> None:
    assert _group(timedelta(hours=1)) is ThreadGroup.TODAY
    assert _group(timedelta(hours=2)) is ThreadGroup.LAST_7_DAYS


def test_today_depends_on_where_the_person_is() -> None:
    assert _group(timedelta(hours=2), offset=-120) is ThreadGroup.TODAY
    assert _group(timedelta(hours=2), offset=0) is ThreadGroup.LAST_7_DAYS


def test_a_week_ago_still_counts_and_eight_days_are_older() -> None:
    assert _group(timedelta(days=7)) is ThreadGroup.LAST_7_DAYS
    assert _group(timedelta(days=8)) is ThreadGroup.OLDER


def test_a_node_clock_ahead_of_ours_is_still_today() -> None:
    assert _group(timedelta(days=-2)) is ThreadGroup.TODAY


def test_an_archived_thread_is_under_archived_however_recent() -> None:
    assert _group(timedelta(0), status="archived") is ThreadGroup.ARCHIVED
    assert _group(timedelta(0), status="paused") is ThreadGroup.TODAY
