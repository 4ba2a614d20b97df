"""The last word on an execution whose runner cannot speak for itself."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

from openviber_daemon.attempt import Attempt, Job

BLOCK = 1 << 20
INTERRUPTED = "interrupted"


def interrupted(attempt: Attempt, *, message: str, at: datetime) -> bytes:
    """Give the line that ends an execution whose runner is gone, with the figures of its log."""
    last = attempt.last_event()
    carried = last.get("payload") if last is not None else None
    before = cast("Mapping[str, object]", carried) if isinstance(carried, dict) else {}
    payload = ended(
        attempt.job,
        reason=INTERRUPTED,
        message=message,
        log=measure_log(attempt.log),
        before=before,
    )
    return as_line(attempt.job, payload, at=at)


def ended(
    job: Job,
    *,
    reason: str,
    message: str,
    log: Mapping[str, object],
    before: Mapping[str, object],
) -> dict[str, object]:
    """Give the payload of an execution's unhappy end; `before` is the last payload it sent."""
    redacted = before.get("redacted", 0)
    common = {
        "reason": reason,
        "message": message,
        "redacted": redacted if isinstance(redacted, int) else 0,
        "log": dict(log),
    }
    if job.kind == "run":
        return {
            "threadId": job.payload["threadId"],
            "runId": str(job.execution_id),
            "files": [],
            **common,
        }
    return {
        "bindingId": job.binding_id,
        "prepareId": str(job.execution_id),
        "status": "error",
        "phases": [close_phase(phase) for phase in phases_of(before)],
        **common,
    }


def phases_of(payload: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Give the phases that a status carried."""
    phases = payload.get("phases")
    return cast("list[Mapping[str, object]]", phases) if isinstance(phases, list) else []


def close_phase(phase: Mapping[str, object]) -> dict[str, object]:
    """A phase that was running has failed now."""
    return {
        **phase,
        "status": "failed" if phase.get("status") == "running" else phase.get("status"),
    }


def as_line(job: Job, payload: Mapping[str, object], *, at: datetime) -> bytes:
    """Write a final event the way a runner does."""
    kind = "thread:error" if job.kind == "run" else "environment:status"
    event = {"type": kind, "payload": payload, "final": True, "at": at.isoformat()}
    return json.dumps(event).encode()


def measure_log(path: Path) -> dict[str, object]:
    """Give bytes, lines and SHA-256 of a log file; an absent one is empty."""
    digest, size, lines = hashlib.sha256(), 0, 0
    last = b"\n"
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
                lines += block.count(b"\n")
                last = block[-1:]
    except FileNotFoundError:
        pass
    lines += last != b"\n"
    return {"bytes": size, "lines": lines, "sha256": digest.hexdigest(), "truncatedBytes": 0}
