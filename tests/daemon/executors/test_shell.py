"""A message as a bash script."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from openviber_daemon.executors.base import Outcome, Record, RunContext
from openviber_daemon.executors.shell import ShellExecutor
from openviber_daemon.runner.errors import DirectoryMissingError
from openviber_daemon.runner.execution import Execution
from openviber_protocol.payloads import TimelineRecord
from tests.support.runner_jobs import STANDARD_PATH, opened_execution


class Told:
    """Keeps the records that an executor tells."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def __call__(self, records: Sequence[Record]) -> None:
        self.records += [dict(record) for record in records]


def run(execution: Execution, text: str, told: Told, cwd: Path) -> Outcome:
    return ShellExecutor().run(
        RunContext(
            execution=execution,
            cwd=cwd,
            env={"PATH": STANDARD_PATH},
            text=text,
            emit_records=told,
        )
    )


@pytest.mark.parametrize(
    ("text", "code", "status"), [("echo fine", 0, "completed"), ("false\nexit 3", 3, "failed")]
)
def test_its_terminal_shows_the_script_and_how_it_ended(
    tmp_path: Path, text: str, code: int, status: str
) -> None:
    told = Told()
    with opened_execution(tmp_path, kind="run") as execution:
        execution.console.say("before")
        outcome = run(execution, text, told, tmp_path)
        end = execution.console.position

    assert (outcome.exit_code, outcome.reason) == (code, None)
    assert [record["status"] for record in told.records] == ["running", status]
    last = TimelineRecord.model_validate(told.records[-1])
    assert (last.op, last.id, last.kind, last.text) == ("upsert", "terminal-1", "terminal", text)
    assert last.fields == {
        "cwd": str(tmp_path),
        "exit_code": code,
        "duration_ms": outcome.duration_ms,
        "log_start": len(b"before\n"),
        "log_end": end,
    }


def test_it_goes_on_after_a_failing_command(tmp_path: Path) -> None:
    with opened_execution(tmp_path, kind="run") as execution:
        outcome = run(execution, "false\ncat /no/file\necho end", Told(), tmp_path)

        assert outcome.exit_code == 0
        assert execution.tail(1) == "end"


def test_a_stopped_one_says_so(tmp_path: Path) -> None:
    told = Told()
    with opened_execution(tmp_path, kind="run") as execution:
        execution.cancel.request("stopped")
        outcome = run(execution, "sleep 600", told, tmp_path)

    assert outcome.reason == "stopped"
    assert outcome.message
    assert told.records[-1]["status"] == "failed"


def test_a_terminal_does_not_stay_running_when_nothing_could_start(tmp_path: Path) -> None:
    told = Told()
    with (
        opened_execution(tmp_path, kind="run") as execution,
        pytest.raises(DirectoryMissingError),
    ):
        run(execution, "echo", told, tmp_path / "gone")

    assert [record["status"] for record in told.records] == ["running", "failed"]
