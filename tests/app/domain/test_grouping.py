"""Tests of `openviber_app.domain.grouping`."""

from datetime import UTC, datetime, timedelta

from openviber_app.domain.grouping import ThreadGroup, group_of, starts_of

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


def test_the_beginnings_of_the_groups_agree_with_the_groups() -> None:
    now = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    for offset in (-720, 0, 330):
        today, week = starts_of(now, utc_offset_minutes=offset)
        for moment, at, before in (
            (today, ThreadGroup.TODAY, ThreadGroup.LAST_7_DAYS),
            (week, ThreadGroup.LAST_7_DAYS, ThreadGroup.OLDER),
        ):
            for activity, group in ((moment, at), (moment - timedelta(microseconds=1), before)):
                assert group is group_of(
                    status="active",
                    last_activity=activity,
                    now=now,
                    utc_offset_minutes=offset,
                )
