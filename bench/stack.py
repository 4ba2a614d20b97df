"""A real board, a real node and a real git server, each a process or a thread of its own."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.tap import Tap
from bench.waiting import wait_for
from tests.support.board_process import BoardProcess, build_frontend
from tests.support.git_server import GitServer
from tests.support.machine import Machine, wait_online
from tests.support.rest import Rest

FILES, FILE_LINES = 400, 120


@dataclass
class Stack:
    """`direct` dials the board, `tapped` goes through the tap; both are ordinary nodes."""

    folder: Path
    git: GitServer
    board: BoardProcess
    rest: Rest
    tap: Tap
    nodes: ExitStack = field(default_factory=ExitStack)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        return next(self._numbers)

    def node(self, name: str, *, board: str | None = None) -> Machine:
        """Onboard a node; it is not started."""
        made = Machine(self.folder / name)
        made.onboard(self.rest, name=name, board=board)
        self.nodes.callback(made.end)
        return made

    def online(self, node: Machine) -> Machine:
        """Start a node and wait for its link."""
        node.start()
        wait_online(self.rest, node)
        return node

    def environment(self, script: str = "true", *, repo: str = "sample") -> dict[str, Any]:
        return self.rest.environment(
            f"bench-{self.number()}",
            repoUrl=self.git.url(repo),
            setupMode="manual",
            setupScript=script,
        )

    def ready(self, node: Machine, script: str = "true") -> tuple[dict[str, Any], str]:
        """Make an environment that is ready on a node; give it and its binding's id."""
        environment = self.environment(script)
        prepare = self.rest.prepared(self.rest.map(environment, node.id)["id"])
        if prepare["status"] != "succeeded":
            raise RuntimeError(f"the prepare did not succeed: {prepare}")
        return environment, prepare["bindingId"]

    def wait_for_spare(self, binding_id: str) -> None:
        """Wait until a slot is spare and nothing of the node's is at work any more."""
        wait_for(
            lambda: self.rest.get(f"/api/bindings/{binding_id}")["slots"]["ready"] >= 1,
            what="a spare slot",
            every=0.05,
        )


def sample_files() -> dict[str, str]:
    """Give a small project: some hundred files of some kilobytes."""
    return {
        f"src/part{n // 40}/module{n}.txt": "".join(
            f"line {line} of module {n}: {hash((n, line)):x}\n" for line in range(FILE_LINES)
        )
        for n in range(FILES)
    }


@contextmanager
def stack(folder: Path) -> Iterator[Stack]:
    """Run the board and the git server; nodes are made as they are needed."""
    build_frontend()
    with ExitStack() as opened:
        git = opened.enter_context(GitServer(folder / "git"))
        git.create_repo("sample", sample_files())
        tap = opened.enter_context(Tap())
        settings = {"PUBLIC_URL": tap.url, "OPENVIBER_GIT_HOSTS": git.host}
        board = BoardProcess(folder / "data", settings=settings)
        tap.board_port = board.port
        board.start()
        opened.callback(board.stop)
        rest = Rest(board.url)
        rest.become_owner(board.setup_code())
        nodes = opened.enter_context(ExitStack())
        yield Stack(folder, git, board, rest, tap, nodes)
