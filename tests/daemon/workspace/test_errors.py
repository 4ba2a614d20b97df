from openviber_daemon.runner.errors import ExecutionError
from openviber_daemon.workspace.errors import BusyError, GitError, StoppedError, WorkspaceError


def test_each_error_ends_an_execution_with_its_reason() -> None:
    assert isinstance(WorkspaceError("x"), ExecutionError)
    assert WorkspaceError("x").reason == "failed"
    assert WorkspaceError("x", reason="refused").reason == "refused"
    assert BusyError("x").reason == "failed"


def test_a_stop_keeps_the_reason_of_whoever_asked() -> None:
    error = StoppedError("stopped")

    assert error.reason == "stopped"
    assert str(error) == "stopped before it was finished"


def test_a_git_error_keeps_gits_own_words() -> None:
    error = GitError("plain", output="fatal: x", exit_code=128)

    assert (str(error), error.output, error.exit_code) == ("plain", "fatal: x", 128)
