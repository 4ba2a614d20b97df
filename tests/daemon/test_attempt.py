import json
import os
import signal
import subprocess
import uuid
from pathlib import Path

import pytest

from openviber_daemon.attempt import Attempt, Job, Runner, find_attempt, make_attempt
from openviber_daemon.runner.processes import find_start_time


def some_job() -> Job:
    return Job(
        kind="run",
        execution_id=uuid.uuid4(),
        command_id=uuid.uuid4(),
        attempt=2,
        payload={"bindingId": "b", "threadId": "t"},
    )


def some_attempt(folder: Path) -> Attempt:
    return make_attempt(folder / "one", some_job(), home=folder, log_limit_bytes=10)


def test_a_folder_is_made_by_one_caller_only(tmp_path: Path) -> None:
    first = some_attempt(tmp_path)
    with pytest.raises(FileExistsError):
        make_attempt(first.path, first.job, home=tmp_path, log_limit_bytes=10)


def test_a_job_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    made = some_attempt(tmp_path)
    assert find_attempt(made.path) == made
    assert (made.path / "job.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((made.path / "job.json").read_bytes())["logLimitBytes"] == 10


def test_a_folder_without_a_whole_job_is_no_attempt(tmp_path: Path) -> None:
    assert find_attempt(tmp_path) is None
    (tmp_path / "job.json").write_text('{"kind": "ru')
    assert find_attempt(tmp_path) is None


def test_the_first_reason_to_stop_stays(tmp_path: Path) -> None:
    attempt = some_attempt(tmp_path)
    assert not attempt.is_asked_to_stop()
    attempt.ask_to_stop("stopped")
    attempt.ask_to_stop("lost")
    assert json.loads((attempt.path / "cancel").read_bytes()) == {"reason": "stopped"}


def test_the_lock_has_one_holder(tmp_path: Path) -> None:
    attempt = some_attempt(tmp_path)
    with attempt.held() as first, attempt.held() as second:
        assert (first, second) == (True, False)
    with attempt.held() as third:
        assert third


@pytest.mark.parametrize("torn", [b"", b'{"type": "x', b"x" * 200_000])
def test_a_last_word_follows_the_last_complete_line(tmp_path: Path, torn: bytes) -> None:
    attempt = some_attempt(tmp_path)
    attempt.events.write_bytes(b'{"a": 1}\n' * 3 + torn)
    assert attempt.last_event() == {"a": 1}
    assert not attempt.has_ended()
    attempt.append_final(b'{"final": true}')
    assert attempt.events.read_bytes() == b'{"a": 1}\n' * 3 + b'{"final": true}\n'
    assert attempt.has_ended()


def test_a_last_line_longer_than_a_block_is_read_whole(tmp_path: Path) -> None:
    attempt = some_attempt(tmp_path)
    event = {"final": True, "payload": {"text": "é" * 90_000}}
    attempt.events.write_bytes(b"{}\n" + json.dumps(event).encode() + b"\n")
    assert attempt.last_event() == event


def test_an_execution_without_events_has_not_ended(tmp_path: Path) -> None:
    attempt = some_attempt(tmp_path)
    assert attempt.last_event() is None
    attempt.append_final(b'{"final": true}')
    assert attempt.has_ended()


def test_a_signal_reaches_only_the_process_that_was_meant() -> None:
    child = subprocess.Popen(["sleep", "300"])
    started = find_start_time(child.pid)
    assert started is not None
    assert not Runner(pid=child.pid, start_time=started + 1).send(signal.SIGKILL)
    meant = Runner(pid=child.pid, start_time=started)
    assert meant.is_alive()
    assert meant.send(signal.SIGKILL)
    child.wait()
    assert not meant.is_alive()
    assert not meant.send(signal.SIGKILL)


def test_a_runner_is_known_once_it_has_said_so(tmp_path: Path) -> None:
    attempt = some_attempt(tmp_path)
    assert attempt.runner() is None
    (attempt.path / "state.json").write_text(json.dumps({"runnerPid": os.getpid(), "startTime": 1}))
    assert attempt.runner() == Runner(pid=os.getpid(), start_time=1)
