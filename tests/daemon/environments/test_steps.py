import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openviber_daemon.environments.steps import Receipt, Steps
from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.errors import StoppedError, WorkspaceError
from tests.support.workspaces import Environment


@contextmanager
def steps_in(home: Path, *, limit: float = 60, cancel: CancelFlag | None = None) -> Iterator[Steps]:
    environment = Environment(home)
    with environment.execution(environment.prepare(), cancel=cancel) as execution:
        yield Steps(execution, Receipt(), {"PATH": os.environ["PATH"]}, ["A"], limit)


def test_each_command_has_its_line_in_the_receipt(home: Path) -> None:
    with steps_in(home) as steps:
        steps.run("echo one; echo two", phase="setup", cwd=home, called="it")
        [step] = steps.receipt.steps

    assert step["exitCode"] == 0
    assert step["logTail"] == "one\ntwo"
    assert (step["cwd"], step["variables"], step["phase"]) == (str(home), ["A"], "setup")


def test_a_long_output_keeps_only_its_end_in_the_receipt(home: Path) -> None:
    with steps_in(home) as steps:
        steps.run("seq 1 5000", phase="setup", cwd=home, called="it")
        [step] = steps.receipt.steps

    assert str(step["logTail"]).splitlines()[-1] == "5000"
    assert len(str(step["logTail"]).splitlines()) == 20


def test_a_failing_script_tells_its_command(home: Path) -> None:
    with steps_in(home) as steps:
        with pytest.raises(WorkspaceError) as raised:
            steps.run("true\nfalse | cat\ntrue", phase="setup", cwd=home, called="the script")
        assert raised.value.failing_command.startswith("false")
        assert steps.receipt.failing_command == raised.value.failing_command
    assert "the script ended with exit code 1 at `false" in str(raised.value)


def test_a_time_limit_has_its_own_reason(home: Path) -> None:
    with steps_in(home, limit=0.2) as steps, pytest.raises(WorkspaceError) as raised:
        steps.run("sleep 60", phase="setup", cwd=home, called="it")

    assert raised.value.reason == "timeout"


@pytest.mark.parametrize("reason", ["cancelled", "stopped"])
def test_somebodys_wish_to_stop_keeps_its_reason(home: Path, reason: str) -> None:
    cancel = CancelFlag()
    cancel.request(reason)
    with steps_in(home, cancel=cancel) as steps, pytest.raises(StoppedError) as raised:
        steps.run("sleep 60", phase="setup", cwd=home, called="it")

    assert raised.value.reason == reason
