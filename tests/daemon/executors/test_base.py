"""The protocol that every executor follows."""

from openviber_daemon.executors.base import Executor, Outcome
from openviber_daemon.executors.shell import ShellExecutor


def test_an_outcome_without_a_reason_ended_by_itself() -> None:
    assert Outcome(exit_code=1, duration_ms=5).reason is None


def test_the_shell_follows_the_protocol() -> None:
    executor: Executor = ShellExecutor()

    assert executor.name == "shell"
