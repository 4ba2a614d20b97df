import hashlib
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from openviber_daemon.attempt import Job, make_attempt
from openviber_daemon.verdict import interrupted, measure_log
from openviber_protocol.maker import FrameMaker
from openviber_protocol.spooled import make_record

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def ids(kind: str) -> dict[str, Any]:
    ends = {"bindingId": str(uuid.uuid4())}
    return ends if kind == "prepare" else {**ends, "threadId": str(uuid.uuid4())}


@pytest.mark.parametrize("kind", ["prepare", "run"])
def test_an_interrupted_execution_ends_with_a_frame_of_the_protocol(
    tmp_path: Path, kind: Literal["prepare", "run"]
) -> None:
    job = Job(kind, uuid.uuid4(), uuid.uuid4(), 1, ids(kind))
    attempt = make_attempt(tmp_path / "a", job, home=tmp_path, log_limit_bytes=1)
    attempt.log.write_bytes(b"one\ntwo")
    before = {
        "payload": {
            "redacted": 3,
            "phases": [
                {"name": "resolve", "status": "done"},
                {"name": "setup", "status": "running"},
            ],
        }
    }
    attempt.events.write_text(json.dumps(before) + "\n")
    line = json.loads(interrupted(attempt, message="it died", at=NOW))
    assert line["final"] is True
    frame = make_record(
        FrameMaker(uuid.uuid4, lambda: NOW),
        stream=f"events/{job.execution_id}",
        seq=0,
        type_name=line["type"],
        payload=line["payload"],
        epoch=1,
    )
    payload = frame.payload.model_dump(mode="json", by_alias=True)
    assert (payload["reason"], payload["message"], payload["redacted"]) == (
        "interrupted",
        "it died",
        3,
    )
    assert payload["log"]["bytes"] == 7
    if kind == "prepare":
        assert [phase["status"] for phase in payload["phases"]] == ["done", "failed"]


def test_a_log_is_measured_as_the_runner_would(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert measure_log(log)["lines"] == 0
    log.write_bytes(b"a\nb\nc")
    found = measure_log(log)
    assert (found["bytes"], found["lines"]) == (5, 3)
    assert found["sha256"] == hashlib.sha256(b"a\nb\nc").hexdigest()
