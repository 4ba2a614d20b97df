"""The last event of an execution that went wrong."""

from pathlib import Path
from uuid import UUID

from openviber_daemon.runner.ending import describe, tell_error
from openviber_daemon.runner.execution import Execution
from openviber_protocol.frames import StatusPayload, ThreadErrorPayload
from tests.support.runner_jobs import Attempt, opened_execution


def read(execution: Execution) -> Attempt:
    return Attempt(execution.attempt_dir, UUID(execution.execution_id))


def test_a_prepare_ends_with_its_phases_as_they_were(tmp_path: Path) -> None:
    phases = [
        {"name": "resolve", "status": "done", "durationMs": 4},
        {"name": "fetch", "status": "running", "logStart": 10},
    ]
    with opened_execution(tmp_path, secrets={"T": "hunter2-secret"}) as execution:
        ids = {
            "bindingId": execution.payload["bindingId"],
            "prepareId": execution.execution_id,
        }
        execution.emit(
            "environment:status", {**ids, "status": "preparing", "phase": "fetch", "phases": phases}
        )
        tell_error(execution, reason="timeout", message="hunter2-secret took too long")
        final = read(execution).final()

    assert final
    payload = StatusPayload.model_validate(final["payload"])
    assert (payload.status, payload.reason) == ("error", "timeout")
    assert payload.message == "[REDACTED] took too long"
    assert [str(phase.status) for phase in payload.phases] == ["done", "failed"]
    assert payload.log
    assert read(execution).log() == b"[openviber: [REDACTED] took too long]\n"


def test_a_run_ends_with_an_error_that_the_wire_knows(tmp_path: Path) -> None:
    with opened_execution(tmp_path, kind="run") as execution:
        tell_error(execution, reason="refused", message="no")
        final = read(execution).final()

    assert final
    assert final["type"] == "thread:error"
    assert ThreadErrorPayload.model_validate(final["payload"]).reason == "refused"


def test_an_end_that_was_told_is_not_told_again(tmp_path: Path) -> None:
    with opened_execution(tmp_path, kind="run") as execution:
        tell_error(execution, reason="failed", message="first")
        tell_error(execution, reason="failed", message="second")

        assert len(read(execution).events()) == 1
        assert b"second" not in read(execution).log()


def test_an_error_that_nobody_expected_is_named() -> None:
    assert describe(KeyError("x")) == (
        "the runner met an error of its own (KeyError: 'x'); this is a bug"
    )
    assert "(MemoryError)" in describe(MemoryError())
