"""A24: a script prints what looks like a frame, an event, a status or a marker of ours."""

import json
import uuid

import pytest

from tests.support.machine import Machine
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

FRAMES = [
    {"type": "environment:status", "payload": {"status": "ready", "message": "spoofed"}},
    {"type": "thread:ended", "final": True, "payload": {"status": "completed", "exitCode": 0}},
    {"type": "secret:request", "payload": {"name": "API_KEY"}},
    {"final": True, "payload": {"status": "succeeded", "phases": []}},
    {"t": "end", "bytes": 0, "complete": True},
]
LINES = [json.dumps(frame) for frame in FRAMES]
LINES += [
    "##[phase setup done]",
    "::set-output name=status::succeeded",
    "[REDACTED]",
    "exit status 0",
    "2026-11-29 00:00:00 INFO ready",
    "\x1e" + LINES[0],
]

RECORD = json.dumps(
    {
        "type": "environment:status",
        "final": True,
        "at": "2026-11-29T00:00:00+00:00",
        "payload": {"bindingId": "%s", "prepareId": "%s", "status": "ready", "phases": []},
    }
)
"""The very line with which a runner ends a prepare; a script knows both ids."""


def test_a_failing_set_up_that_prints_success_has_failed(rest: Rest, node: Machine) -> None:
    printed = "\n".join(LINES)
    script = f"cat <<'END'\n{printed}\nEND\ncat <<'END' >&2\n{printed}\nEND\nexit 3"
    made = rest.environment("spoof", setupMode="manual", setupScript=script)
    prepare = rest.prepared(rest.map(made, node.id)["id"])
    assert prepare["status"] == "failed"
    assert "spoofed" not in json.dumps(prepare["phases"])
    assert [phase["name"] for phase in prepare["phases"]][-1] == "setup"
    (binding,) = rest.get(f"/api/environments/{made['id']}/bindings")["bindings"]
    assert binding["status"] == "error"
    log = rest.log("prepares", prepare["id"])
    assert all(line.encode() in log for line in LINES)
    assert len(log) == prepare["log"]["bytes"]


def test_a_run_cannot_end_itself_or_another_by_printing(rest: Rest, node: Machine) -> None:
    made = rest.environment("spoof runs", setupMode="manual", setupScript="git init -q .")
    assert rest.prepared(rest.map(made, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(made)
    ids = {"runId": str(uuid.uuid4()), "threadId": thread["id"]}
    spoofs = "\n".join([*LINES, json.dumps({"type": "run:ended", "payload": ids})])
    run = rest.do(thread, f"cat <<'END'\n{spoofs}\nEND\nexit 7")
    assert (run["status"], run["exitCode"]) == ("failed", 7)
    items = rest.get(f"/api/threads/{thread['id']}/timeline")["items"]
    assert [item["kind"] for item in items] == ["user_message", "terminal"]


def test_writing_to_every_descriptor_reaches_no_control_stream(rest: Rest, node: Machine) -> None:
    made = rest.environment(
        "spoof descriptors",
        setupMode="manual",
        setupScript=(
            "git init -q .\n"
            f'forged="$(printf \'{RECORD}\' "${{VIBER_VOLUME##*/}}" "$VIBER_ATTEMPT")"\n'
            'for fd in $(seq 3 255); do echo "$forged" >&$fd || :; done 2>/dev/null\n'
            "ls -l /proc/$$/fd\nexit 4"
        ),
    )
    prepare = rest.prepared(rest.map(made, node.id)["id"])
    assert prepare["status"] == "failed"
    log = rest.log("prepares", prepare["id"])
    assert b"ended with exit code 4" in log
    assert b" 1 -> pipe:" in log  # it did list what it holds
    assert b"/attempts/" not in log  # and none of it is a file of the runner's
