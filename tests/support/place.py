"""Fixtures: a real board, a real node and a real git server, for tests of the whole."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.board_process import BoardProcess, board_process
from tests.support.git_server import GitServer
from tests.support.machine import Machine, machine
from tests.support.processes import wait_until
from tests.support.rest import Rest

NUMBERS = itertools.count(1)
Making = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with GitServer(tmp_path_factory.mktemp("git")) as server:
        server.create_repo("sample", {"README.md": "A sample.\n", "src/a.txt": "one\n"})
        yield server


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory, git: GitServer) -> Iterator[BoardProcess]:
    folder = tmp_path_factory.mktemp("board")
    with board_process(folder, settings={"OPENVIBER_GIT_HOSTS": git.host}) as started:
        yield started


@pytest.fixture(scope="module")
def rest(board: BoardProcess) -> Rest:
    client = Rest(board.url)
    client.become_owner(board.setup_code())
    return client


@pytest.fixture
def node(tmp_path: Path, board: BoardProcess, rest: Rest) -> Iterator[Machine]:
    with machine(tmp_path, rest) as started:
        yield started
        wait_until(lambda: not started.leftovers() or None, what="no process left behind")


@pytest.fixture
def make(rest: Rest, git: GitServer) -> Iterator[Making]:
    """Make an environment on the sample repository with a set-up script; it goes with the test."""
    with ExitStack() as gone:

        def making(script: str, **fields: Any) -> dict[str, Any]:
            made = rest.environment(
                f"faults-{next(NUMBERS)}",
                repoUrl=git.url("sample"),
                setupMode="manual",
                setupScript=script,
                **fields,
            )
            gone.callback(rest.delete, f"/api/environments/{made['id']}")
            return made

        yield making
