"""The drill of docs/keys.md: a board is lost, its backup takes its place, its node goes on."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.board_process import KEPT, ROOT, BoardProcess, board_process
from tests.support.git_server import GitServer
from tests.support.machine import Machine, machine, wait_online
from tests.support.processes import wait_until
from tests.support.rest import RefusedError, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

BACKUP, RESTORE, SERVE, VERIFY = STEPS = (
    'DATA="$OLD" openviber-board backup "$FILE"',
    'DATA="$NEW" openviber-board restore "$FILE"',
    'DATA="$NEW" openviber-board serve',
    'DATA="$NEW" openviber-board secrets verify',
)
VALUE = "a value that outlives its board"
HAS_IT = (
    f'[ "$(printf %s "$TOKEN" | sha256sum)" = "{hashlib.sha256(VALUE.encode()).hexdigest()}  -" ]'
)


def documented() -> list[str]:
    """Return the commands of the page, without what is said beside them."""
    page = (ROOT / "docs" / "keys.md").read_text()
    found = re.search(r"## Back up and restore.*?```sh\n(.*?)```", page, re.DOTALL)
    assert found, "the page has no drill"
    lines = [line.partition("#")[0].strip() for line in found[1].splitlines()]
    return [line for line in lines if line]


class Shell:
    """A person at the console of the board's machine."""

    def __init__(self, **variables: Path) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        programs = f"{Path(sys.executable).parent}:{kept['PATH']}"
        self._environment = kept | {"PATH": programs}
        self._environment |= {name: str(value) for name, value in variables.items()}

    def type(self, line: str) -> str:
        """Run a line; return what it printed, once it ended well."""
        done = subprocess.run(
            ["bash", "-c", line],
            env=self._environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def git(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "git") as server:
        server.create_repo("sample", {"README.md": "A sample.\n"})
        yield server


@pytest.fixture
def lost(tmp_path: Path, git: GitServer) -> Iterator[BoardProcess]:
    """The board that will be lost."""
    with board_process(tmp_path / "old", settings={"OPENVIBER_GIT_HOSTS": git.host}) as started:
        yield started


def self_test(rest: Rest, node: Machine) -> dict[str, Any]:
    """Have the node test its redactor; its result is a record that belongs to no execution."""
    before = rest.get(f"/api/nodes/{node.id}")["selfTest"]["at"]
    rest.post(f"/api/nodes/{node.id}/self-test")

    def told() -> dict[str, Any] | None:
        found = rest.get(f"/api/nodes/{node.id}")["selfTest"]
        return found if found["at"] not in {before, None} else None

    return wait_until(told, what="the result of a self-test")


def test_the_page_says_what_is_done_here() -> None:
    assert documented() == list(STEPS)


def test_a_lost_board_is_restored_and_its_node_goes_on_with_the_secrets(
    tmp_path: Path, lost: BoardProcess, git: GitServer
) -> None:
    file, new = tmp_path / "board.backup", tmp_path / "new" / "data"
    shell = Shell(OLD=lost.data, NEW=new, FILE=file)
    rest = Rest(lost.url)
    rest.become_owner(lost.setup_code())
    with machine(tmp_path / "machine", rest) as node:
        environment = rest.environment(
            "kept",
            repoUrl=git.url("sample"),
            setupMode="manual",
            setupScript=HAS_IT,
            secrets=[{"key": "TOKEN", "value": VALUE}],
        )
        prepare = rest.prepared(rest.map(environment, node.id)["id"])
        assert prepare["status"] == "succeeded", prepare
        thread = rest.thread(environment, title="kept")
        first = rest.do(thread, f"{HAS_IT} && echo before the backup | tee kept.txt")
        assert first["status"] == "completed"
        timeline = rest.get(f"/api/threads/{thread['id']}/timeline")

        assert "holds the board's keys" in shell.type(BACKUP)
        later = rest.do(thread, "echo after the backup | tee later.txt")
        assert later["status"] == "completed"
        self_test(rest, node)  # the node throws away what the board has acked
        lost.kill()

        shell.type(RESTORE)
        restored = BoardProcess(
            new, port=lost.port, settings={"OPENVIBER_GIT_HOSTS": git.host}
        )  # and now: SERVE
        links = node.process.output().count("ready: connected")
        restored.start()
        try:
            assert "1 secret(s) of 1 environment(s): all of them open" in shell.type(VERIFY)
            node.process.wait_for(
                lambda: node.process.output().count("ready: connected") > links,
                what="the same daemon's new connection",
            )
            wait_online(rest, node)  # with the token that the lost board had given

            assert rest.get(f"/api/threads/{thread['id']}/timeline") == timeline
            assert b"before the backup" in rest.log("runs", first["id"])
            with pytest.raises(RefusedError) as unknown:
                rest.get(f"/api/runs/{later['id']}")
            assert unknown.value.status == 404

            path = f"/api/bindings/{prepare['bindingId']}/prepares"
            again = rest.prepared(rest.post(path, {"force": True})["prepare"]["id"])
            assert again["status"] == "succeeded", again
            run = rest.do(thread, f"{HAS_IT} && cat kept.txt later.txt")
            assert run["status"] == "completed", run
            log = rest.log("runs", run["id"])
            assert b"before the backup" in log
            assert b"after the backup" in log  # the workspace is the node's, and was not lost
            assert self_test(rest, node)["missed"] == []
            items = rest.get(f"/api/threads/{thread['id']}/timeline")["items"]
            assert items[: len(timeline["items"])] == timeline["items"]
            assert len(items) > len(timeline["items"])
        finally:
            restored.stop()
