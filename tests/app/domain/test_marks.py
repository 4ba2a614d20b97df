from datetime import UTC, datetime, timedelta

import pytest

from openviber_app.domain.marks import is_unread

THEN = datetime(2026, 11, 23, tzinfo=UTC)
LATER = THEN + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("is_marked", "read_at", "ended_at", "expected"),
    [
        (False, None, None, False),
        (False, None, THEN, True),
        (True, None, None, True),
        (True, THEN, None, False),
        (True, THEN, THEN, False),
        (True, THEN, LATER, True),
        (True, LATER, THEN, False),
    ],
)
def test_news_is_what_ended_since_the_last_look_or_was_marked(
    is_marked: bool, read_at: datetime | None, ended_at: datetime | None, expected: bool
) -> None:
    assert is_unread(is_marked=is_marked, read_at=read_at, ended_at=ended_at) is expected
