"""Why a workspace could not be had, in the user's words."""

from openviber_daemon.runner.errors import ExecutionError


class WorkspaceError(ExecutionError):
    """A step that ended without its result; `reason` is the wire's `ErrorReason`."""

    def __init__(self, message: str, *, reason: str = "failed", failing_command: str = "") -> None:
        self.reason = reason
        self.failing_command = failing_command
        super().__init__(message)


class StoppedError(WorkspaceError):
    """Somebody asked for the end of it; the reason is theirs."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} before it was finished", reason=reason)


class BusyError(WorkspaceError):
    """Another execution holds the folder."""


class GitError(WorkspaceError):
    """A git command that failed; `output` holds git's own words."""

    def __init__(
        self,
        message: str,
        *,
        output: str = "",
        exit_code: int | None = None,
        reason: str = "failed",
    ) -> None:
        self.output = output
        self.exit_code = exit_code
        super().__init__(message, reason=reason)
