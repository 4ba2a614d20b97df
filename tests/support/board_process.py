"""A real board on a free port with a data folder of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import LoggedProcess, answers, free_port

ROOT = Path(__file__).resolve().parents[2]
OURS = ("openviber_app",)
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


def build_frontend() -> None:
    """Build the frontend if its inputs changed since the last build."""
    subprocess.run([sys.executable, str(ROOT / "scripts" / "frontend.py")], check=True)


class BoardProcess:
    """`start`, `stop`, `kill` (as a power cut) and `start` again on the same data and port."""

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        arguments: tuple[str, ...] = (),
        program: tuple[str, ...] = OURS,
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"{data.name}.board.log"
        self._command = (sys.executable, "-m", *program, "serve", *arguments)
        self._settings = {"PUBLIC_URL": self.url, **(settings or {})}
        self._process: LoggedProcess | None = None

    @property
    def process(self) -> LoggedProcess:
        assert self._process is not None, "the board was not started"
        return self._process

    def start(self, *, wait: bool = True) -> None:
        """Start it; with `wait`, return once it answers and said that it does."""
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"DATA": str(self.data), "PORT": str(self.port), **self._settings}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._process = LoggedProcess(
            self._command,
            log=self.log,
            environment=environment,
            cwd=ROOT,
        )
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until it serves requests."""
        self.process.wait_for(
            lambda: "OpenViber is at" in self.process.output() and answers(f"{self.url}/ping"),
            what=f"the board at {self.url}",
        )

    def setup_code(self) -> str:
        """Return the one-time code that the board printed."""

        def printed() -> str | None:
            found = re.search(r"set-up code: (\S+)", self.process.output())
            return found[1] if found else None

        return self.process.wait_for(printed, what="the set-up code")

    def stop(self) -> int:
        """Stop it in order; return its exit code."""
        return self.process.stop()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()

    def restart(self) -> None:
        """Start again on the same data and port; the old process has to be gone."""
        self.start()


@contextmanager
def board_process(
    folder: Path,
    *,
    settings: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    program: tuple[str, ...] = OURS,
) -> Iterator[BoardProcess]:
    """Run a board with its data in `folder`/data for as long as the block runs."""
    build_frontend()
    board = BoardProcess(folder / "data", settings=settings, arguments=arguments, program=program)
    board.start()
    try:
        yield board
    finally:
        if board.process.exit_code() is None:
            board.process.stop()
