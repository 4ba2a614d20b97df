"""A real board, a real node and a real git server, one of each for as many attacks as possible."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from openviber_app.services.runtime import Runtime
from tests.app.conftest import people, runtime
from tests.app.hub.conftest import served
from tests.support.board import People
from tests.support.board_process import BoardProcess, board_process
from tests.support.browser import chromium
from tests.support.environments import secret
from tests.support.git_server import GitServer
from tests.support.machine import Machine, machine
from tests.support.rest import Rest
from tests.support.tampering import VALUE, Victim, make_victim

__all__ = ["people", "runtime", "served"]


@pytest.fixture(scope="session")
def git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with GitServer(tmp_path_factory.mktemp("git")) as server:
        server.create_repo("sample", {"README.md": "A sample.\n"})
        yield server


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory, git: GitServer) -> Iterator[BoardProcess]:
    folder = tmp_path_factory.mktemp("board")
    with board_process(folder, settings={"OPENVIBER_GIT_HOSTS": git.host}) as started:
        yield started


@pytest.fixture(scope="session")
def rest(board: BoardProcess) -> Rest:
    """The board's owner, as a program."""
    client = Rest(board.url)
    client.become_owner(board.setup_code())
    return client


@pytest.fixture(scope="session")
def node(
    tmp_path_factory: pytest.TempPathFactory, board: BoardProcess, rest: Rest
) -> Iterator[Machine]:
    assert board
    with machine(tmp_path_factory.mktemp("machine"), rest) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for longer than a module: it holds the thread's event loop, which others need."""
    with chromium() as started:
        yield started


@pytest.fixture
async def victim(runtime: Runtime, people: People) -> Victim:
    """An environment whose rows somebody else writes in."""
    return await make_victim(runtime, people.alice, secrets=(secret("TOKEN", VALUE),))
