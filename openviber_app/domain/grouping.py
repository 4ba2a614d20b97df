"""The headings under which the sidebar lists threads."""

from datetime import UTC, datetime, time, timedelta, timezone
from enum import StrEnum

from openviber_app.domain.statuses import ThreadStatus

WEEK_DAYS = 7


class ThreadGroup(StrEnum):
    """In the order in which they are shown."""

    TODAY = "today"
    LAST_7_DAYS = "last_7_days"
    OLDER = "older"
    ARCHIVED = "archived"


def group_of(
    *, status: str, last_activity: datetime, now: datetime, utc_offset_minutes: int = 0
) -> ThreadGroup:
    """Return the heading of a thread, by the calendar days of the person who looks."""
    if status == ThreadStatus.ARCHIVED:
        return ThreadGroup.ARCHIVED
    there = timezone(timedelta(minutes=utc_offset_minutes))
    days = (now.astimezone(there).date() - last_activity.astimezone(there).date()).days
    if days <= 0:
        return ThreadGroup.TODAY
    return ThreadGroup.LAST_7_DAYS if days <= WEEK_DAYS else ThreadGroup.OLDER


def starts_of(now: datetime, *, utc_offset_minutes: int = 0) -> tuple[datetime, datetime]:
    """Return when `today` and `last_7_days` begin, for the person who looks."""
    there = timezone(timedelta(minutes=utc_offset_minutes))
    today = datetime.combine(now.astimezone(there).date(), time(), there).astimezone(UTC)
    return today, today - timedelta(days=WEEK_DAYS)
