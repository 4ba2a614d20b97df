from dataclasses import FrozenInstanceError

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance, PrepareReport, RunEnded


def test_a_report_that_says_little_has_empty_values_of_its_own() -> None:
    one = PrepareReport(binding_id=new_id(), prepare_id=new_id(), status="preparing")
    other = PrepareReport(binding_id=new_id(), prepare_id=new_id(), status="preparing")
    one.phases.append({"name": "resolve"})
    assert other.phases == []
    assert one.log is None


def test_a_run_that_ended_by_itself_has_no_reason() -> None:
    ended = RunEnded(thread_id=new_id(), run_id=new_id(), exit_code=0, duration_ms=5)
    assert (ended.reason, ended.files, ended.log) == ("", [], None)


def test_what_was_told_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Advance("user:1").position = 5  # pyright: ignore[reportAttributeAccessIssue]
