"""No way out of a real runner lets a secret through: every place that keeps words is tried."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.support.runner_jobs import (
    Attempt,
    SealingBoard,
    make_prepare_payload,
    make_spec,
    make_submit_payload,
)

CANARY = "CANARY-7f3a9c51-with-a-tail"
REFS = [{"name": "TOKEN", "version": 1, "scope": "both"}]
PARTS = (CANARY[:8], CANARY[-8:])
"""Neither may be left: a secret that is cut before it is masked would leave one of them."""

Payload = dict[str, Any]


def prepare(script: str = "", /, check: str = "", **spec: object) -> Payload:
    made = make_spec(secrets=REFS, **spec)
    made["setup"] = {**made["setup"], "script": script, "checkCommand": check}
    return make_prepare_payload(made, uuid4())


def run(text: str, /, **changes: object) -> Payload:
    return make_submit_payload(make_spec(secrets=REFS), uuid4(), text=text, **changes)


def run_in_git(folder: Path, text: str) -> Payload:
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "first"]):
        who = ["-c", "user.name=n", "-c", "user.email=e@x"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True)
    spec = make_spec(secrets=REFS, type="local", localPath=str(folder))
    return make_submit_payload(
        spec, uuid4(), text=text, strategy="existing_path", existingPath=str(folder)
    )


SINKS: Mapping[str, Callable[[Path], Payload]] = {
    "output of a run": lambda _: run('echo "$TOKEN"; echo "$TOKEN" | base64 >&2'),
    "a secret torn by a pause": lambda _: run('printf %s "${TOKEN:0:9}"; printf %s "${TOKEN:9}"'),
    "a secret in colours": lambda _: run('printf \'%s\\033[1m%s\' "${TOKEN:0:12}" "${TOKEN:12}"'),
    "output of a set-up": lambda _: prepare('set -x; : "$TOKEN"; declare -p TOKEN'),
    "the receipt's command": lambda _: prepare(f"true {CANARY}\ntrue"),
    "a command that is cut": lambda _: prepare("#" * 3985 + CANARY + "\ntrue"),
    "the failing command and its error": lambda _: prepare(f"false {CANARY}"),
    "a phase's detail": lambda _: prepare("true", check=f"true {CANARY}"),
    "a detail that is cut": lambda _: prepare("true", check="true " + "x" * 480 + CANARY),
    "a directory that is missing": lambda _: prepare("true", workingDir=f"no/{CANARY}"),
    "the resolved directory": lambda _: prepare(f"mkdir {CANARY}", workingDir=CANARY),
    "git's own words": lambda folder: prepare(
        type="github", repoUrl=f"https://127.0.0.1:9/{CANARY}.git", allowedHosts=["127.0.0.1"]
    ),
    "names of changed files": lambda folder: run_in_git(folder, 'echo x > "$TOKEN"'),
    "an unknown executor": lambda _: run("true", executor=CANARY),
    "a missing program": lambda _: run(f"{CANARY}-program"),
}


@pytest.mark.parametrize("sink", SINKS)
def test_a_secret_reaches_nothing_that_a_runner_writes(sink: str, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    payload = SINKS[sink](folder)
    kind = "run" if "runId" in payload else "prepare"
    board = SealingBoard(tmp_path / "home")
    execution_id = uuid4()
    key = "runId" if kind == "run" else "prepareId"
    attempt = board.make_job(kind, {**payload, key: str(execution_id)}, execution_id)
    sealed = board.seal(attempt, secrets={"TOKEN": {"value": CANARY, "scope": "both"}})
    board.start(attempt, sealed).wait(50)

    written = written_by(attempt)
    final = attempt.final()
    assert final is not None
    assert "[REDACTED]" in written, json.dumps(final, indent=1)
    assert not [part for part in PARTS if part in written], written


def written_by(attempt: Attempt) -> str:
    """Everything but the job: what the board asked for is not the runner's to mask."""
    files = [path for path in attempt.path.iterdir() if path.name != "job.json" and path.is_file()]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)
