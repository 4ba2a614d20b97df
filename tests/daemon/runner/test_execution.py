"""One execution, as phases and executors use it."""

import json
import os
import signal
from pathlib import Path
from uuid import UUID

import pytest

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential
from openviber_daemon.runner.console import measure_log
from openviber_daemon.runner.errors import DirectoryMissingError, ExecutionStoppedError
from openviber_daemon.runner.execution import Execution
from openviber_daemon.runner.processes import list_marked
from openviber_protocol.frames import StatusPayload
from tests.support.processes import wait_until
from tests.support.runner_jobs import STANDARD_PATH, Attempt, opened_execution

ENV = {"PATH": STANDARD_PATH}
SECRET = "hunter2-secret"


def read(execution: Execution) -> Attempt:
    return Attempt(execution.attempt_dir, UUID(execution.execution_id))


def status(execution: Execution, **changes: object) -> dict[str, object]:
    return {
        "bindingId": execution.payload["bindingId"],
        "prepareId": execution.execution_id,
        "status": "preparing",
        **changes,
    }


def test_a_script_tells_how_it_ended_and_where_its_output_is(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        execution.console.say("Setting up")
        result = execution.run_script("echo out\nls /no/such/place\n", cwd=tmp_path, env=ENV)
        log = read(execution).log()

    assert (result.exit_code, result.reason, result.ok) == (2, None, False)
    assert result.failing_command == "ls /no/such/place"
    assert log[result.log_start : result.log_end].startswith(b"out\nls: cannot access")
    assert result.log_start == len(b"Setting up\n")
    assert result.log_end == len(log)


def test_a_program_runs_without_a_shell(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        result = execution.run_argv(["printf", "%s", "$HOME *"], cwd=tmp_path, env=ENV)

        assert result.ok
        assert read(execution).log() == b"$HOME *"


def test_a_script_that_is_not_strict_goes_on(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        result = execution.run_script("false\necho on", cwd=tmp_path, env=ENV, strict=False)

    assert result.ok
    assert result.failing_command == ""


def test_a_time_limit_holds_for_one_script(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        result = execution.run_script("sleep 600", cwd=tmp_path, env=ENV, time_limit_seconds=0.2)
        again = execution.run_script("true", cwd=tmp_path, env=ENV)

        assert (result.reason, result.ok) == ("timeout", False)
        assert again.ok
        execution.raise_if_cancelled()


def test_who_wants_it_to_stop_is_heard(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        execution.raise_if_cancelled()
        execution.cancel.request("cancelled")
        result = execution.run_script("sleep 600", cwd=tmp_path, env=ENV)

        assert result.reason == "cancelled"
        with pytest.raises(ExecutionStoppedError) as caught:
            execution.raise_if_cancelled()
        assert caught.value.reason == "cancelled"


def test_secrets_go_to_the_scope_they_are_for(tmp_path: Path) -> None:
    secrets = {"A": ("setup-value", "setup"), "B": ("run-value", "runtime"), "C": ("c-val", "both")}
    with opened_execution(tmp_path, secrets=secrets) as execution:
        assert execution.secrets(scope="setup") == {"A": "setup-value", "C": "c-val"}
        assert execution.secrets(scope="runtime") == {"B": "run-value", "C": "c-val"}


def test_a_secret_is_masked_in_log_and_events_and_is_in_no_file(tmp_path: Path) -> None:
    script = (
        "for c in $(echo $TOKEN | sed 's/./& /g'); do printf %s $c; sleep 0.01; done; echo;"
        "echo $TOKEN | base64; set -x; false $TOKEN"
    )
    with opened_execution(tmp_path, secrets={"TOKEN": SECRET}) as execution:
        env = {**ENV, **execution.secrets(scope="setup")}
        result = execution.run_script(script, cwd=tmp_path, env=env)
        steps = [{"phase": "setup", "command": f"echo {SECRET}", "logTail": execution.tail(5)}]
        execution.emit(
            "environment:status",
            status(
                execution,
                status="error",
                message=f"{result.failing_command}: {SECRET}",
                receipt={"steps": steps},
            ),
            final=True,
        )
        attempt = read(execution)

    everything = attempt.all_bytes()
    assert b"hunter2" not in everything
    assert everything.count(b"[REDACTED]") >= 5
    final = attempt.final()
    assert final
    assert final["payload"]["redacted"] >= 3


def test_a_git_credential_is_masked_as_well(tmp_path: Path) -> None:
    git = GitCredential("token", Secret("ghp_0123456789"), "me")
    with opened_execution(tmp_path, git=git) as execution:
        assert execution.git_credential is git
        assert execution.redact_text("https://me:ghp_0123456789@h/") == "https://me:[REDACTED]@h/"


def test_the_final_event_comes_after_a_complete_log_and_the_last_process(tmp_path: Path) -> None:
    with opened_execution(tmp_path, secrets={"T": SECRET}) as execution:
        execution.emit("environment:status", status(execution, phase="setup"))
        execution.run_script("echo done", cwd=tmp_path, env=ENV)
        execution.console.write(b"hunter2")  # the beginning of a secret is waiting
        pid = os.posix_spawn(
            "/bin/sleep", ["sleep", "600"], {"VIBER_ATTEMPT": execution.execution_id}
        )
        wait_until(lambda: list_marked(execution.execution_id), what="the stray process")
        execution.emit("environment:status", status(execution, status="ready"), final=True)

        assert execution.has_final
        assert [p for p in list_marked(execution.execution_id) if not p.is_zombie] == []
        final = read(execution).final()

    assert final
    payload = StatusPayload.model_validate(final["payload"])
    assert payload.log
    assert payload.log.model_dump(by_alias=True) == measure_log(execution.attempt_dir / "log")
    assert read(execution).log() == b"done\nhunter2"
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGTERM


def test_leftovers_of_a_script_are_told_in_the_log(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        execution.run_script("sleep 600 & exit 0", cwd=tmp_path, env=ENV)

        assert b"[openviber: ended 1 process left running" in read(execution).log()


def test_an_event_too_large_for_its_frame_is_shortened(tmp_path: Path) -> None:
    steps = [{"phase": "setup", "command": "x", "logTail": "t" * 16_000} for _ in range(40)]
    with opened_execution(tmp_path) as execution:
        execution.emit("environment:status", status(execution, receipt={"steps": steps}))
        (event,) = read(execution).events()

    assert len(json.dumps(event)) < 240 * 1024
    assert len(event["payload"]["receipt"]["steps"]) == 40


def test_the_status_of_a_prepare_says_how_much_was_masked(tmp_path: Path) -> None:
    with opened_execution(tmp_path, secrets={"T": SECRET}) as execution:
        execution.console.write(f"{SECRET}\n{SECRET}\n".encode())
        execution.emit("environment:status", status(execution))
        (event,) = read(execution).events()

    assert event["payload"]["redacted"] == 2


def test_the_tail_is_redacted_and_begins_where_asked(tmp_path: Path) -> None:
    with opened_execution(tmp_path, secrets={"T": SECRET}) as execution:
        execution.run_script("echo before", cwd=tmp_path, env=ENV)
        result = execution.run_script(f"echo 1; echo {SECRET}", cwd=tmp_path, env=ENV)

        assert execution.tail(10, since=result.log_start) == "1\n[REDACTED]"
        assert execution.tail(1) == "[REDACTED]"


def test_a_missing_directory_is_an_error_of_its_own(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution, pytest.raises(DirectoryMissingError):
        execution.run_script("true", cwd=tmp_path / "gone", env=ENV)


def test_an_execution_does_not_show_its_secrets(tmp_path: Path) -> None:
    with opened_execution(tmp_path, secrets={"T": SECRET}) as execution:
        assert "hunter2" not in repr(execution)
        assert "hunter2" not in repr(vars(execution))


def test_a_script_may_print_what_looks_like_an_event(tmp_path: Path) -> None:
    with opened_execution(tmp_path) as execution:
        execution.run_script(
            'echo \'{"type":"environment:status","final":true}\'', cwd=tmp_path, env=ENV
        )

        assert read(execution).events() == []
