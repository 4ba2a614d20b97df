"""The course of one run: claim a workspace, carry the message out there, tell what changed."""

import json
from collections.abc import Sequence
from typing import Any

from openviber_daemon.environments.inject import script_environment
from openviber_daemon.executors.base import Executor, Outcome, Record, RunContext
from openviber_daemon.executors.registry import get_executor
from openviber_daemon.runner.ending import run_error
from openviber_daemon.runner.errors import ExecutionError
from openviber_daemon.runner.execution import Execution
from openviber_daemon.workspace.claims import Claims, Workspace
from openviber_daemon.workspace.snapshots import diff, snapshot

SETUP_ITEM = "setup-1"
FILES_ITEM = "files-1"
MAX_FILES_BYTES = 128 * 1024
"""Room for the list of changed files in the last frame."""


def carry_out_run(execution: Execution) -> None:
    """Carry out the run and emit its last event.

    Raises:
        ExecutionError: it could not be carried out; the caller tells the board.
    """
    executor = get_executor(execution.payload["executor"])
    with Claims(execution).claim() as workspace:
        if workspace.needs_setup:
            _set_up(execution, workspace)
        execution.raise_if_cancelled()
        execution.emit("thread:started", _started(execution, workspace))
        before = snapshot(workspace.path) if workspace.is_git else None
        outcome = _run(execution, executor, workspace)
        files = _list_changes(execution, workspace, before)
        _tell_end(execution, outcome, files)


def _run(execution: Execution, executor: Executor, workspace: Workspace) -> Outcome:
    return executor.run(
        RunContext(
            execution=execution,
            cwd=workspace.cwd,
            env=script_environment(execution, scope="runtime"),
            text=execution.payload["text"],
            emit_records=lambda records: _emit_records(execution, records),
        )
    )


def _set_up(execution: Execution, workspace: Workspace) -> None:
    """Set the workspace up in the open, as an entry of the run's own timeline."""
    # 40 ms of imports, which a run in a prepared slot does not pay.
    from openviber_daemon.environments.manager import (  # noqa: PLC0415 - see above
        EnvironmentManager,
    )

    start = execution.console.position
    fields = {"title": "Set up the workspace", "tool_kind": "execute", "log_start": start}

    def show(status: str) -> None:
        ends = {} if status == "running" else {"log_end": execution.console.position}
        record = {"op": "upsert", "id": SETUP_ITEM, "kind": "tool_call", "status": status}
        _emit_records(execution, [{**record, "fields": {**fields, **ends}}])

    show("running")
    try:
        EnvironmentManager(execution).set_up(workspace)
    except ExecutionError:
        show("failed")
        raise
    show("completed")


def _list_changes(
    execution: Execution, workspace: Workspace, before: str | None
) -> list[dict[str, Any]]:
    if before is None:
        return []
    try:
        after = snapshot(workspace.path)
        files = diff(workspace.path, before, after) if after else []
    except ExecutionError as error:  # the run's own result must not be lost with it
        _tell_of_files(execution, f"What the run changed could not be read: {error}")
        return []
    kept = fit_files(files)
    if missing := len(files) - len(kept):
        _tell_of_files(execution, f"{missing} more files were changed than are listed here.")
    return kept


def fit_files(files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take as many files from the front as a frame has room for."""
    kept: list[dict[str, Any]] = []
    room = MAX_FILES_BYTES
    for file in files:
        room -= len(json.dumps(file))
        if room < 0:
            break
        kept.append(file)
    return kept


def _tell_end(execution: Execution, outcome: Outcome, files: list[dict[str, Any]]) -> None:
    end = {
        "exitCode": outcome.exit_code,
        "durationMs": outcome.duration_ms,
        "files": files,
    }
    if outcome.reason is None:
        ids = {"threadId": execution.payload["threadId"], "runId": execution.execution_id}
        execution.emit("thread:completed", {**ids, **end}, final=True)
    else:
        error = run_error(execution, outcome.reason, outcome.message)
        execution.emit("thread:error", {**error, **end}, final=True)


def _started(execution: Execution, workspace: Workspace) -> dict[str, Any]:
    return {
        "threadId": execution.payload["threadId"],
        "runId": execution.execution_id,
        "workingDir": str(workspace.cwd),
        "branch": workspace.branch,
        "baseCommit": workspace.base_commit,
        "slot": workspace.slot,
        "slots": workspace.slots,
    }


def _tell_of_files(execution: Execution, text: str) -> None:
    _emit_records(
        execution,
        [{"op": "upsert", "id": FILES_ITEM, "kind": "notice", "text": text, "fields": {}}],
    )


def _emit_records(execution: Execution, records: Sequence[Record]) -> None:
    execution.emit(
        "thread:progress",
        {
            "threadId": execution.payload["threadId"],
            "runId": execution.execution_id,
            "records": list(records),
        },
    )
