"""Runs in real workspaces of a real repository, by real runner processes."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from openviber_daemon.runner.run import MAX_FILES_BYTES, fit_files
from openviber_protocol.frames import CompletedPayload, ProgressPayload, StartedPayload
from tests.support.git_server import GitServer
from tests.support.processes import wait_until
from tests.support.runner_jobs import (
    Attempt,
    SealingBoard,
    make_prepare_payload,
    make_spec,
    make_submit_payload,
)

FILES = {"README.md": "one\ntwo\n", "src/main.py": "print(1)\n", ".gitignore": "*.tmp\n"}


class Binding:
    """An environment mapped to the node: prepares it, and runs messages of threads in it."""

    def __init__(self, home: Path, spec: Mapping[str, Any]) -> None:
        self.board = SealingBoard(home)
        self.spec = spec
        self.binding_id = str(uuid4())

    def prepare(self) -> Attempt:
        execution_id = uuid4()
        payload = make_prepare_payload(self.spec, execution_id) | {"bindingId": self.binding_id}
        return self._carry_out(self.board.make_job("prepare", payload, execution_id))

    def run(self, text: str, *, thread_id: str, **changes: object) -> Attempt:
        return self._carry_out(self.submit(text, thread_id=thread_id, **changes))

    def submit(self, text: str, *, thread_id: str, **changes: object) -> Attempt:
        execution_id = uuid4()
        payload = make_submit_payload(
            self.spec,
            execution_id,
            text=text,
            threadId=thread_id,
            bindingId=self.binding_id,
            branch=f"viber/{thread_id}",
            **changes,
        )
        return self.board.make_job("run", payload, execution_id)

    def start(self, attempt: Attempt) -> "subprocess.Popen[bytes]":
        return self.board.start(attempt, self.board.without_bundle())

    def _carry_out(self, attempt: Attempt) -> Attempt:
        assert self.start(attempt).wait(50) == 0, (attempt.path / "runner.err").read_text()
        return attempt


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "git") as server:
        yield server


@pytest.fixture
def binding(tmp_path: Path, server: GitServer) -> Binding:
    url = server.create_repo("project", FILES)
    spec = make_spec(type="github", repoUrl=url, allowedHosts=[server.host])
    return Binding(tmp_path / "home", spec)


def events_of(attempt: Attempt, type_: str) -> list[dict[str, Any]]:
    return [event["payload"] for event in attempt.events() if event["type"] == type_]


def items_of(attempt: Attempt) -> list[tuple[str, str]]:
    payloads = map(ProgressPayload.model_validate, events_of(attempt, "thread:progress"))
    return [(record.id, str(record.status)) for p in payloads for record in p.records]


def completed(attempt: Attempt) -> CompletedPayload:
    final = attempt.final()
    assert final
    assert final["type"] == "thread:completed", final
    return CompletedPayload.model_validate(final["payload"])


def test_a_run_in_a_prepared_slot_tells_what_changed(binding: Binding) -> None:
    final = binding.prepare().final()
    assert final
    assert final["payload"]["status"] == "ready", final
    thread = str(uuid4())
    attempt = binding.run(
        "echo three >> README.md; rm src/main.py; printf '\\0\\1' > new.bin; echo x > a.tmp; pwd",
        thread_id=thread,
    )
    started = StartedPayload.model_validate(events_of(attempt, "thread:started")[0])

    assert attempt.log().decode().strip() == started.working_dir
    assert started.branch == f"viber/{thread}"
    assert started.base_commit
    assert [(f.path, f.status, f.additions, f.deletions) for f in completed(attempt).files] == [
        ("README.md", "modified", 1, 0),
        ("new.bin", "added", -1, -1),
        ("src/main.py", "deleted", 0, 1),
    ]
    assert items_of(attempt) == [("terminal-1", "running"), ("terminal-1", "completed")]


def test_the_next_run_of_a_thread_goes_on_where_the_last_one_left(binding: Binding) -> None:
    binding.prepare()
    thread = str(uuid4())
    binding.run("echo kept > kept.txt; git add -A; git commit -qm kept", thread_id=thread)
    attempt = binding.run("cat kept.txt; git branch --show-current", thread_id=thread)

    assert attempt.log().decode().split() == ["kept", f"viber/{thread}"]
    assert completed(attempt).files == ()


def test_what_a_run_committed_itself_counts_as_changed(binding: Binding) -> None:
    binding.prepare()
    attempt = binding.run(
        "echo x > committed.txt; git add -A; git commit -qm more", thread_id=str(uuid4())
    )

    assert [file.path for file in completed(attempt).files] == ["committed.txt"]


def test_without_a_spare_slot_the_run_sets_one_up_in_its_own_timeline(binding: Binding) -> None:
    binding.spec = {
        **binding.spec,
        "setup": {**binding.spec["setup"], "script": "echo setting up > .setup; echo SETUP"},
    }
    attempt = binding.run("echo RUN; cat .setup", thread_id=str(uuid4()))
    setup, terminal = (
        [
            record["fields"]
            for payload in events_of(attempt, "thread:progress")
            for record in payload["records"]
            if record["id"] == item
        ][-1]
        for item in ("setup-1", "terminal-1")
    )
    log = attempt.log()

    assert [name for name, _ in items_of(attempt)][::2] == ["setup-1", "terminal-1"]
    assert b"SETUP" in log[setup["log_start"] : setup["log_end"]]
    assert log[terminal["log_start"] : terminal["log_end"]] == b"RUN\nsetting up\n"
    assert setup["title"] == "Set up the workspace"
    types = [event["type"] for event in attempt.events()]
    assert types.index("thread:started") == 2


def test_a_set_up_that_fails_ends_the_run_and_says_where(binding: Binding) -> None:
    binding.spec = {
        **binding.spec,
        "setup": {**binding.spec["setup"], "script": "echo trying\nno-such-tool"},
    }
    attempt = binding.run("echo RUN", thread_id=str(uuid4()))
    final = attempt.final()

    assert final
    assert final["type"] == "thread:error"
    assert "no-such-tool" in json.dumps(final["payload"])
    assert items_of(attempt) == [("setup-1", "running"), ("setup-1", "failed")]
    assert b"RUN" not in attempt.log()


def test_a_run_that_is_stopped_still_tells_what_it_had_changed(binding: Binding) -> None:
    binding.prepare()
    attempt = binding.submit("echo half > half.txt; echo up; sleep 600", thread_id=str(uuid4()))
    with binding.start(attempt) as process:
        wait_until(lambda: b"up" in attempt.log(), what="the script")
        (attempt.path / "cancel").write_text('{"reason": "stopped"}')
        process.terminate()
    final = attempt.final()

    assert final
    assert final["type"] == "thread:error"
    assert final["payload"]["reason"] == "stopped"
    assert [file["path"] for file in final["payload"]["files"]] == ["half.txt"]


def test_thousands_of_changed_files_fit_into_the_last_frame(binding: Binding) -> None:
    binding.prepare()
    attempt = binding.run(
        "for i in $(seq 6000); do echo $i > a-file-with-a-rather-long-name-$i.txt; done",
        thread_id=str(uuid4()),
    )
    files = completed(attempt).files

    assert 500 < len(files) < 6000
    assert len(json.dumps(attempt.final())) < 240 * 1024
    assert f"{6000 - len(files)} more files" in json.dumps(events_of(attempt, "thread:progress"))


def test_a_folder_that_is_not_git_has_no_changed_files(tmp_path: Path) -> None:
    attempt = Binding(tmp_path, make_spec()).run("echo x > file; pwd", thread_id=str(uuid4()))

    assert completed(attempt).files == ()


def test_scripts_see_the_declared_environment_and_nothing_of_the_runners(binding: Binding) -> None:
    binding.spec = {**binding.spec, "variables": {"COLOUR": "blue"}}
    binding.prepare()
    attempt = binding.run("env | sort | cut -d= -f1", thread_id=str(uuid4()))
    shells_own = {"PWD", "SHLVL", "_", "OLDPWD"}

    assert set(attempt.log().decode().split()) - shells_own == {
        "COLOUR",
        "HOME",
        "LANG",
        "PATH",
        "VIBER_ATTEMPT",
        "VIBER_VOLUME",
    }


def test_files_are_taken_from_the_front_while_there_is_room() -> None:
    files = [{"path": f"{number:0100}"} for number in range(5000)]
    kept = fit_files(files)

    assert kept == files[: len(kept)]
    assert len(json.dumps(kept)) <= MAX_FILES_BYTES + 2 * len(kept)
    assert fit_files(files[:10]) == files[:10]
