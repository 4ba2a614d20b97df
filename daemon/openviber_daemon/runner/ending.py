"""The last event of an execution that went wrong."""

from typing import Any

from openviber_daemon.runner.execution import Execution


def tell_error(execution: Execution, *, reason: str, message: str) -> None:
    """End the execution with an error, unless its end has been told already."""
    if execution.has_final:
        return
    execution.console.say(f"[openviber: {message}]")
    if execution.kind == "prepare":
        execution.emit("environment:status", _prepare_error(execution, reason, message), final=True)
    else:
        execution.emit("thread:error", run_error(execution, reason, message), final=True)


def run_error(execution: Execution, reason: str, message: str) -> dict[str, Any]:
    """Build a ThreadErrorPayload."""
    return {
        "threadId": execution.payload["threadId"],
        "runId": execution.execution_id,
        "reason": reason,
        "message": message,
    }


def _prepare_error(execution: Execution, reason: str, message: str) -> dict[str, Any]:
    """Build the last StatusPayload: the phases as they were, the one that ran has failed."""
    phases = [
        {**phase, "status": "failed"} if phase["status"] == "running" else dict(phase)
        for phase in execution.last_status.get("phases", ())
    ]
    return {
        "bindingId": execution.payload["bindingId"],
        "prepareId": execution.execution_id,
        "status": "error",
        "phases": phases,
        "reason": reason,
        "message": message,
    }


def describe(error: Exception) -> str:
    """Tell of an error that nobody expected, for a report to whoever looks after the program."""
    words = f": {error}" if str(error) else ""
    return f"the runner met an error of its own ({type(error).__name__}{words}); this is a bug"
