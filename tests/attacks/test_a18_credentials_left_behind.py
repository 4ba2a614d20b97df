"""A18: after, and while, a private repository is fetched, somebody looks for its token."""

import base64
import threading
from pathlib import Path

import pytest

from tests.support.board_process import BoardProcess
from tests.support.git_server import GitServer
from tests.support.machine import Machine, files_with
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

TOKEN = "tok-canary-5f1c2b7e9d3a4068"


class Watch:
    """Reads every process's arguments for as long as the block runs."""

    def __init__(self, *needles: bytes) -> None:
        self._needles = needles
        self.found: list[bytes] = []
        self.rounds = 0
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.is_set():
            for entry in Path("/proc").iterdir():
                if not entry.name.isdigit():
                    continue
                try:
                    words = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                self.found += [words for needle in self._needles if needle in words]
            self.rounds += 1


def test_a_git_token_is_nowhere(
    board: BoardProcess, rest: Rest, node: Machine, git: GitServer
) -> None:
    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode())
    forms = (TOKEN.encode(), basic, base64.b64encode(TOKEN.encode()).rstrip(b"="))
    git.token = TOKEN
    try:
        made = rest.environment(
            "private",
            repoUrl=git.url("sample"),
            setupMode="manual",
            setupScript="git config --list --show-origin; git remote -v; env; cat .git",
            secrets=[{"purpose": "git_token", "value": TOKEN}],
        )
        with Watch(*forms) as watch:
            prepare = rest.prepared(rest.map(made, node.id)["id"])
            run = rest.do(rest.thread(made), "git config --list; env; git reflog; git fetch || :")
    finally:
        git.token = None
    log = rest.log("prepares", prepare["id"]) + rest.log("runs", run["id"])
    assert prepare["status"] == "succeeded", log
    assert watch.rounds
    assert watch.found == []
    for form in forms:
        assert form not in log
        assert files_with(form, node.home) == []
        assert files_with(form, node.user_home) == []
        assert files_with(form, board.data.parent) == []
        assert form not in node.log.read_bytes()
        assert not [answer for answer in rest.seen if form in answer]
