"""What the daemon hands to a runner: a job on disk, and a line on its input that seals secrets."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from openviber_daemon.runner.console import DEFAULT_LIMIT_BYTES
from openviber_daemon.runner.errors import ExecutionError

JOB_FILE = "job.json"
_KINDS: dict[str, Literal["prepare", "run"]] = {"prepare": "prepare", "run": "run"}
MAX_HANDOVER_BYTES = 16 * 1024 * 1024


class BrokenJobError(ExecutionError):
    """The daemon handed over something that is not a job: an error of the program."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """`payload` is a PreparePayload or a SubmitPayload as on the wire, without its bundle."""

    kind: Literal["prepare", "run"]
    execution_id: str
    command_id: str
    attempt: int
    home: Path
    payload: Mapping[str, Any]
    log_limit_bytes: int = DEFAULT_LIMIT_BYTES


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The sealed bundle, and what it takes to check and open it."""

    bundle: Mapping[str, Any] | None
    info: bytes
    hub_key: bytes
    sealing_key_file: Path


def read_job(attempt_dir: Path) -> Job:
    """Read the job of an attempt.

    Raises:
        BrokenJobError: it is missing or not understood.
    """
    try:
        raw = json.loads((attempt_dir / JOB_FILE).read_bytes())
        return Job(
            kind=_KINDS[raw["kind"]],
            execution_id=raw["executionId"],
            command_id=raw["commandId"],
            attempt=raw["attempt"],
            home=Path(raw["home"]),
            payload=raw["payload"],
            log_limit_bytes=raw.get("logLimitBytes") or DEFAULT_LIMIT_BYTES,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenJobError(f"the job in {attempt_dir} cannot be read: {error!r}") from error


def read_handover(stream: IO[bytes]) -> Handover:
    """Read the one line that the daemon writes to the runner's input.

    Raises:
        BrokenJobError: it is missing or not understood.
    """
    line = stream.readline(MAX_HANDOVER_BYTES)
    try:
        raw = json.loads(line)
        return Handover(
            bundle=raw["bundle"],
            info=base64.b64decode(raw["info"]),
            hub_key=base64.b64decode(raw["hubKey"]),
            sealing_key_file=Path(raw["sealingKeyFile"]),
        )
    except (ValueError, KeyError, TypeError):  # the line may hold anything: tell nothing of it
        raise BrokenJobError("the daemon's hand-over to the runner cannot be read") from None
