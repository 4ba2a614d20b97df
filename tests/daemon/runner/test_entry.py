"""Real runner processes, started as the daemon starts them."""

import fcntl
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from openviber_daemon.runner.console import measure_log
from openviber_daemon.runner.killing import kill_all
from openviber_daemon.runner.processes import is_alive, list_marked
from openviber_protocol.frames import CompletedPayload, StatusPayload, ThreadErrorPayload
from tests.support.processes import wait_until
from tests.support.runner_jobs import (
    Attempt,
    SealingBoard,
    make_prepare_payload,
    make_spec,
    make_submit_payload,
)

SECRET = "hunter2-secret-value"


class Runners:
    """Starts runners on a board of their own; whatever they leave is ended after the test."""

    def __init__(self, home: Path) -> None:
        self.board = SealingBoard(home)
        self.started: list[tuple[Attempt, subprocess.Popen[bytes]]] = []

    def run(self, text: str, *, secret: str = "", log_limit: int = 2**28) -> Attempt:
        attempt, process = self.start(text, secret=secret, log_limit=log_limit)
        assert process.wait(50) == 0, (attempt.path / "runner.err").read_text()
        return attempt

    def start(
        self, text: str, *, secret: str = "", log_limit: int = 2**28
    ) -> tuple[Attempt, subprocess.Popen[bytes]]:
        execution_id = uuid4()
        refs = [{"name": "TOKEN", "version": 1, "scope": "both"}] if secret else []
        payload = make_submit_payload(make_spec(secrets=refs), execution_id, text=text)
        return self.start_job("run", payload, secret=secret, log_limit=log_limit)

    def prepare(self, script: str, *, secret: str = "") -> tuple[Attempt, subprocess.Popen[bytes]]:
        execution_id = uuid4()
        refs = [{"name": "TOKEN", "version": 1, "scope": "both"}] if secret else []
        spec = make_spec(secrets=refs)
        spec["setup"]["script"] = script
        payload = make_prepare_payload(spec, execution_id)
        return self.start_job("prepare", payload, secret=secret)

    def start_job(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        secret: str = "",
        log_limit: int = 2**28,
        handover: Mapping[str, Any] | None = None,
    ) -> tuple[Attempt, subprocess.Popen[bytes]]:
        execution_id = uuid4()
        key = "runId" if kind == "run" else "prepareId"
        payload = {**payload, key: str(execution_id)}
        attempt = self.board.make_job(kind, payload, execution_id, log_limit=log_limit)
        secrets = {"TOKEN": {"value": secret, "scope": "both"}}
        if handover is None:
            handover = (
                self.board.seal(attempt, secrets=secrets) if secret else self.board.without_bundle()
            )
        process = self.board.start(attempt, handover)
        self.started.append((attempt, process))
        return attempt, process


@pytest.fixture
def runners(tmp_path: Path) -> Iterator[Runners]:
    runners = Runners(tmp_path)
    yield runners
    for attempt, process in runners.started:
        process.kill()
        process.wait()
        kill_all(mark=str(attempt.execution_id), grace_seconds=0)


def stop(attempt: Attempt, process: subprocess.Popen[bytes], reason: str | None) -> None:
    """Ask as the daemon does: the reason in a file, then the signal."""
    wait_until((attempt.path / "state.json").exists, what="the runner")
    if reason:
        (attempt.path / "cancel").write_text(json.dumps({"reason": reason}))
    process.send_signal(signal.SIGTERM)


def completed(attempt: Attempt) -> CompletedPayload:
    final = attempt.final()
    assert final
    assert final["type"] == "thread:completed", final
    payload = CompletedPayload.model_validate(final["payload"])
    assert payload.log.model_dump(by_alias=True) | {"truncatedBytes": 0} == measure_log(
        attempt.path / "log"
    )
    return payload


def failed(attempt: Attempt) -> ThreadErrorPayload:
    final = attempt.final()
    assert final
    assert final["type"] == "thread:error", final
    return ThreadErrorPayload.model_validate(final["payload"])


def test_a_run_ends_with_its_exit_code_and_a_log_that_is_complete(runners: Runners) -> None:
    attempt = runners.run("echo out; echo err >&2; false; exit 7")
    end = completed(attempt)

    assert (end.exit_code, end.files) == (7, ())
    assert attempt.log().endswith(b"out\nerr\n")
    for name in ("events", "log", "lock", "state.json"):
        assert (attempt.path / name).stat().st_mode & 0o777 == 0o600


def test_the_daemon_can_tell_who_the_runner_is_and_that_it_lives(runners: Runners) -> None:
    attempt, process = runners.start("echo up; sleep 600")
    wait_until(lambda: b"up" in attempt.log(), what="the script")
    state = json.loads((attempt.path / "state.json").read_text())

    assert state["runnerPid"] == process.pid
    assert is_alive(process.pid, start_time=state["startTime"])
    with (attempt.path / "lock").open("rb") as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        process.kill()
        process.wait()
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_second_runner_of_an_attempt_does_nothing(runners: Runners) -> None:
    attempt, process = runners.start("echo up; read -t 600 < <(sleep 600)")
    wait_until(lambda: b"up" in attempt.log(), what="the script")

    second = runners.board.start(attempt, runners.board.without_bundle())
    assert second.wait(50) == 3

    assert attempt.final() is None
    assert b"has a runner already" in (attempt.path / "runner.err").read_bytes()
    assert process.poll() is None


@pytest.mark.parametrize(
    ("asked", "told"), [("stopped", "stopped"), ("cancelled", "cancelled"), (None, "interrupted")]
)
def test_a_run_that_is_stopped_tells_why_and_leaves_nothing(
    runners: Runners, asked: str | None, told: str
) -> None:
    attempt, process = runners.start("(setsid sleep 600 &) ; echo up; sleep 600")
    wait_until(lambda: b"up" in attempt.log(), what="the script")
    stop(attempt, process, asked)

    assert process.wait(50) == 0
    end = failed(attempt)
    assert (end.reason, end.exit_code) == (told, 128 + signal.SIGTERM)
    assert end.log
    assert list_marked(str(attempt.execution_id)) == []


def test_a_request_from_before_the_start_is_heard(runners: Runners) -> None:
    execution_id = uuid4()
    payload = make_submit_payload(make_spec(), execution_id, text="echo never")
    attempt = runners.board.make_job("run", payload, execution_id)
    (attempt.path / "cancel").write_text('{"reason": "cancelled"}')

    assert runners.board.start(attempt, runners.board.without_bundle()).wait(50) == 0
    assert failed(attempt).reason == "cancelled"
    assert b"never" not in attempt.log()


def test_a_script_that_ignores_every_signal_is_stopped(runners: Runners) -> None:
    attempt, process = runners.start("trap '' TERM INT HUP; echo up; while :; do sleep 1; done")
    wait_until(lambda: b"up" in attempt.log(), what="the script")
    stop(attempt, process, "stopped")

    assert process.wait(50) == 0
    assert failed(attempt).exit_code == 128 + signal.SIGKILL
    assert list_marked(str(attempt.execution_id)) == []


def test_children_in_the_background_do_not_outlive_the_run(runners: Runners) -> None:
    attempt = runners.run("sleep 600 & (setsid nohup env -i sleep 601 >/dev/null 2>&1 &); exit 0")

    assert completed(attempt).exit_code == 0
    assert list_marked(str(attempt.execution_id)) == []
    listed = subprocess.run(["pgrep", "-fx", "sleep 601"], capture_output=True, check=False)
    assert listed.stdout == b""


def test_when_the_runner_is_killed_its_children_are_found_by_their_mark(runners: Runners) -> None:
    attempt, process = runners.start("(setsid sleep 600 &); echo up; sleep 600")
    wait_until(lambda: b"up" in attempt.log(), what="the script")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert attempt.final() is None
    assert len(list_marked(str(attempt.execution_id))) >= 2
    assert kill_all(mark=str(attempt.execution_id), grace_seconds=5) == []
    assert [p for p in list_marked(str(attempt.execution_id)) if not p.is_zombie] == []


def test_a_secret_is_nowhere_but_in_the_scripts_environment(runners: Runners) -> None:
    text = (
        "echo ${#TOKEN}; printf %s ${TOKEN:0:9}; sleep 0.1; printf '%s\\n' ${TOKEN:9};"
        "echo $TOKEN | base64; echo up; read -t 600 < <(sleep 600)"
    )
    attempt, process = runners.start(text, secret=SECRET)
    wait_until(lambda: b"up" in attempt.log(), what="the script")
    for name in ("cmdline", "environ"):
        assert SECRET.encode() not in Path(f"/proc/{process.pid}/{name}").read_bytes()
    for child in list_marked(str(attempt.execution_id)):
        assert SECRET.encode() not in Path(f"/proc/{child.pid}/cmdline").read_bytes()
    stop(attempt, process, "stopped")
    process.wait(50)

    assert f"{len(SECRET)}\n[REDACTED]\n[REDACTED]".encode() in attempt.log()
    kept = b"".join(path.read_bytes() for path in runners.board.home.rglob("*") if path.is_file())
    assert b"hunter2" not in kept
    assert failed(attempt).redacted == 2


def test_a_secret_in_the_message_itself_is_masked_in_the_timeline(runners: Runners) -> None:
    attempt = runners.run(f"echo {SECRET}", secret=SECRET)
    events = (attempt.path / "events").read_text()

    assert "hunter2" not in events
    assert "echo [REDACTED]" in events


def test_a_forged_bundle_ends_the_run_before_anything_ran(runners: Runners) -> None:
    stranger = SealingBoard(runners.board.home / "stranger")
    stranger.node_key = runners.board.node_key
    execution_id = uuid4()
    refs = [{"name": "TOKEN", "version": 1, "scope": "both"}]
    payload = make_submit_payload(make_spec(secrets=refs), execution_id, text="echo ran")
    attempt = runners.board.make_job("run", payload, execution_id)
    forged = stranger.seal(attempt, secrets={"TOKEN": {"value": SECRET, "scope": "both"}})
    forged |= runners.board.without_bundle() | {"bundle": forged["bundle"], "info": forged["info"]}

    process = runners.board.start(attempt, forged)

    assert process.wait(50) == 1
    end = failed(attempt)
    assert end.reason == "refused"
    assert "not signed by the board" in end.message
    assert b"ran" not in attempt.log().replace(b"nothing was run", b"")


@pytest.mark.parametrize("line", [b"", b"{}\n", b"[1, 2]\n", b'{"bundle": "hunter2'])
def test_a_hand_over_that_is_damaged_is_told(runners: Runners, line: bytes) -> None:
    execution_id = uuid4()
    payload = make_submit_payload(make_spec(), execution_id, text="echo ran")
    attempt = runners.board.make_job("run", payload, execution_id)
    process = runners.board.start_raw(attempt, line)

    assert process.wait(50) == 1
    assert "hand-over" in failed(attempt).message
    assert b"hunter2" not in attempt.all_bytes()


def test_an_error_of_our_own_is_told_without_secrets(runners: Runners) -> None:
    """A spec that lacks what it must have: an error that nobody wrote words for."""
    execution_id = uuid4()
    spec = make_spec(secrets=[{"name": "TOKEN", "version": 1, "scope": "both"}])
    spec["type"] = SECRET
    spec["variables"] = None
    payload = make_submit_payload(spec, execution_id, text="echo ran")
    attempt, process = runners.start_job("run", payload, secret=SECRET)

    assert process.wait(50) == 0
    assert failed(attempt).reason == "failed"
    for name in ("events", "log", "runner.err"):
        assert b"hunter2" not in (attempt.path / name).read_bytes()


def test_an_executor_that_the_node_does_not_know_is_refused(runners: Runners) -> None:
    payload = make_submit_payload(make_spec(), uuid4(), text="x", executor="telepathy")
    attempt, process = runners.start_job("run", payload)

    assert process.wait(50) == 0
    assert failed(attempt).reason == "refused"
    assert "telepathy" in failed(attempt).message


def test_a_prepare_that_fails_names_the_command_and_marks_its_phase(runners: Runners) -> None:
    attempt, process = runners.prepare("echo fine\nls /no/such/place\necho never")
    assert process.wait(50) == 0
    final = attempt.final()
    assert final
    payload = StatusPayload.model_validate(final["payload"])

    assert (payload.status, payload.reason) == ("error", "failed")
    assert payload.receipt
    assert payload.receipt.failing_command == "ls /no/such/place"
    assert payload.log
    assert b"never" not in attempt.log()
    assert {str(phase.name): str(phase.status) for phase in payload.phases}["setup"] == "failed"


def test_a_prepare_that_is_cancelled_has_no_phase_left_running(runners: Runners) -> None:
    attempt, process = runners.prepare("echo up; sleep 600")
    wait_until(lambda: b"up" in attempt.log(), what="the script")
    stop(attempt, process, "cancelled")
    assert process.wait(50) == 0
    final = attempt.final()
    assert final
    payload = StatusPayload.model_validate(final["payload"])

    assert (payload.status, payload.reason) == ("error", "cancelled")
    assert "running" not in {str(phase.status) for phase in payload.phases}


def test_fifty_megabytes_stay_within_the_limit_of_the_log(runners: Runners) -> None:
    attempt = runners.run("yes 'a line' | head -c 50000000", log_limit=1_000_000)
    end = completed_truncated(attempt)

    assert end.log.bytes == len(attempt.log()) < 1_001_000
    assert end.log.truncated_bytes + end.log.bytes >= 50_000_000
    assert b"reached its limit" in attempt.log()[-200:]


def completed_truncated(attempt: Attempt) -> CompletedPayload:
    final = attempt.final()
    assert final
    return CompletedPayload.model_validate(final["payload"])


def test_one_line_of_fifty_megabytes_and_any_byte_pass(runners: Runners) -> None:
    attempt = runners.run(
        "head -c 50000000 /dev/zero | tr '\\0' a; printf '\\xff\\xfe\\x80\\n'", secret=SECRET
    )

    assert completed(attempt).log.bytes > 50_000_000
    assert attempt.log().endswith(b"aaa\xff\xfe\x80\n")
    assert attempt.log().count(b"a" * 1_000_000) == 50


def test_a_runner_without_a_job_says_so(runners: Runners) -> None:
    attempt = Attempt(runners.board.home / "attempts" / "none", uuid4())
    attempt.path.mkdir(parents=True)
    process = runners.board.start(attempt, runners.board.without_bundle())

    assert process.wait(50) == 1
    assert b"cannot be read" in (attempt.path / "runner.err").read_bytes()
