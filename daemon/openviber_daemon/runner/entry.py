"""The course of a runner process, from its lock to the last event."""

import fcntl
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from openviber_daemon.runner import ending
from openviber_daemon.runner.bundle import open_bundle
from openviber_daemon.runner.cancelling import CancelFlag, read_reason
from openviber_daemon.runner.errors import ExecutionError
from openviber_daemon.runner.execution import Execution
from openviber_daemon.runner.job import Job, read_handover, read_job
from openviber_daemon.runner.processes import become_subreaper, find_start_time

ENDED = 0
ENDED_BADLY = 1
ALREADY_RUNNING = 3

LOCK_FILE = "lock"
STATE_FILE = "state.json"


def main(attempt_dir: Path) -> int:
    """Carry out the job of an attempt; whatever happens, its last event tells the end."""
    cancel = CancelFlag()
    _obey_signals(attempt_dir, cancel)
    if not _take_lock(attempt_dir):
        sys.stderr.write(f"{attempt_dir} has a runner already\n")
        return ALREADY_RUNNING
    _write_state(attempt_dir)
    become_subreaper()
    job = read_job(attempt_dir)
    try:
        bundle = open_bundle(job, read_handover(sys.stdin.buffer))
    except ExecutionError as error:
        return _refuse(job, attempt_dir, error)
    except Exception as error:  # noqa: BLE001 - no execution ends in silence
        name = type(error).__name__  # its words may hold a secret, and nothing masks them yet
        return _refuse(job, attempt_dir, ExecutionError(f"the job cannot be understood ({name})"))
    execution = Execution(job, attempt_dir, bundle=bundle, cancel=cancel)
    try:
        _carry_out(execution)
    except ExecutionError as error:
        ending.tell_error(execution, reason=error.reason, message=str(error))
    except Exception as error:  # noqa: BLE001 - no execution ends in silence
        sys.stderr.write(execution.redact_text(traceback.format_exc()))
        ending.tell_error(execution, reason="failed", message=ending.describe(error))
    else:
        if not execution.has_final:
            ending.tell_error(
                execution, reason="failed", message="the runner ended without a result"
            )
    finally:
        execution.close()
    return ENDED


def _carry_out(execution: Execution) -> None:
    execution.raise_if_cancelled()
    # Each kind pays for its own imports only: the first output of a run waits for them.
    if execution.kind == "prepare":
        from openviber_daemon.environments.manager import (  # noqa: PLC0415 - see above
            EnvironmentManager,
        )

        EnvironmentManager(execution).prepare()
    else:
        from openviber_daemon.runner.run import carry_out_run  # noqa: PLC0415 - see above

        carry_out_run(execution)


def _refuse(job: Job, attempt_dir: Path, error: ExecutionError) -> int:
    execution = Execution(job, attempt_dir)
    try:
        ending.tell_error(execution, reason=error.reason, message=str(error))
    finally:
        execution.close()
    return ENDED_BADLY


def _obey_signals(attempt_dir: Path, cancel: CancelFlag) -> None:
    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        cancel.request(read_reason(attempt_dir) or "interrupted")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if reason := read_reason(attempt_dir):  # asked before anybody listened
        cancel.request(reason)


def _take_lock(attempt_dir: Path) -> bool:
    """Hold the lock for as long as this process lives: the daemon reads from it that it does."""
    lock = os.open(attempt_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def _write_state(attempt_dir: Path) -> None:
    state = {"runnerPid": os.getpid(), "startTime": find_start_time(os.getpid())}
    draft = attempt_dir / f".{STATE_FILE}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file)
    draft.replace(attempt_dir / STATE_FILE)
