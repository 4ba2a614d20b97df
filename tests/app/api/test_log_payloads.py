"""Tests of `openviber_app.api.log_payloads`."""

from datetime import UTC, datetime

from openviber_app.api.log_payloads import LogSummary


def test_a_log_that_is_there_has_no_moment_of_removal() -> None:
    summary = LogSummary.model_validate(
        {"bytes": 9, "lines": 1, "sha256": "ab", "truncatedBytes": 0, "complete": True}
    )
    assert summary.model_dump(mode="json") == {
        "bytes": 9,
        "lines": 1,
        "sha256": "ab",
        "truncatedBytes": 0,
        "complete": True,
        "removedAt": None,
    }


def test_what_a_removed_log_was_stays_known() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    summary = LogSummary.model_validate(
        {
            "bytes": 9,
            "lines": 1,
            "sha256": "ab",
            "truncatedBytes": 0,
            "complete": True,
            "removedAt": at,
        }
    )
    assert (summary.bytes, summary.removed_at) == (9, at)
