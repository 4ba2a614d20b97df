"""A machine with a real daemon, onboarded to a real board the ordinary way."""

import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.processes import LoggedProcess, wait_until
from tests.support.rest import Rest

OURS = (sys.executable, "-m", "openviber_daemon")
KEPT = ("PATH", "LANG", "TMPDIR")
NUMBERS = itertools.count(1)


class Machine:
    """`start`, `stop`, `kill` and `start` again; `command` is the daemon's program."""

    def __init__(self, folder: Path, *, command: Sequence[str] = OURS) -> None:
        self.home = folder / "node"
        self.user_home = folder / "user"
        self.user_home.mkdir(parents=True, exist_ok=True)
        self.log = folder / "node.log"
        self.command = tuple(command)
        self.id = ""
        self._process: LoggedProcess | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {"OPENVIBER_HOME": str(self.home), "HOME": str(self.user_home)}

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the daemon's commands to its end."""
        return subprocess.run(
            [*self.command, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def onboard(self, rest: Rest, *, name: str = "", board: str | None = None) -> None:
        """Claim a new node of the board with a one-time token."""
        made = rest.post("/api/nodes/tokens", {"name": name or f"node-{next(NUMBERS)}"})
        self.id = made["nodeId"]
        done = self.run("onboard", "--token", "-", "--board", rest.url, stdin=made["token"])
        assert done.returncode == 0, done.stdout + done.stderr
        if board is not None:
            self.configure(boardUrl=board)

    def configure(self, **changes: Any) -> None:
        """Change the node's configuration file."""
        file = self.home / "config.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | changes))

    @property
    def token(self) -> str:
        """Return what this node shows to the board."""
        return str(json.loads((self.home / "config.json").read_text())["authToken"])

    @property
    def process(self) -> LoggedProcess:
        assert self._process is not None, "the node was not started"
        return self._process

    def start(self) -> None:
        """Start the daemon; does not wait for its connection."""
        self._process = LoggedProcess(
            [*self.command, "start"], log=self.log, environment=self.environment
        )

    def kill(self) -> None:
        """kill -9 of the daemon alone: its runners go on."""
        self.process.kill()

    def stop(self) -> int:
        """Stop the daemon in order; its runners go on."""
        return self.process.stop()

    def attempt(self, execution_id: str) -> Path:
        """Return the folder of an execution."""
        return self.home / "attempts" / execution_id

    def runner_pid(self, execution_id: str) -> int:
        """Wait for an execution's runner; return its pid."""
        state = self.attempt(execution_id) / "state.json"
        wait_until(state.exists, what=f"the runner of {execution_id}")
        return int(json.loads(state.read_text())["runnerPid"])

    def leftovers(self, execution_id: str = "") -> list[int]:
        """Return the processes that belong to this node's executions, or to one of them."""
        mark, folder = f"VIBER_ATTEMPT={execution_id}".encode(), str(self.home).encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                environment = (entry / "environ").read_bytes()
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            is_script = mark in environment and folder in environment
            is_runner = b"openviber_daemon.runner" in words and folder in words
            is_runner = is_runner and execution_id.encode() in words
            if (is_script or is_runner) and words:
                found.append(int(entry.name))
        return found

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self._process is not None and self._process.exit_code() is None:
            self._process.kill()
        for pid in self.leftovers():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def wait_online(rest: Rest, node: Machine) -> dict[str, Any]:
    """Wait until the board says that the node is connected."""

    def online() -> dict[str, Any] | None:
        found = rest.get(f"/api/nodes/{node.id}")
        return found if found["link"] == "connected" else None

    return wait_until(online, what=f"node {node.id} to be connected")


@contextmanager
def machine(
    folder: Path, rest: Rest, *, name: str = "", board: str | None = None
) -> Iterator[Machine]:
    """Onboard and run a node for as long as the block runs."""
    node = Machine(folder)
    node.onboard(rest, name=name, board=board)
    node.start()
    try:
        wait_online(rest, node)
        yield node
    finally:
        node.end()


def files_with(needle: bytes, folder: Path) -> list[str]:
    """Return the files below a folder that hold these bytes; sockets and links are left out."""
    found = []
    for file in folder.rglob("*"):
        try:
            if file.is_file() and not file.is_symlink() and needle in file.read_bytes():
                found.append(str(file.relative_to(folder)))
        except FileNotFoundError:
            continue  # it went while we looked
    return found


def proxies_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a script needs of this machine to reach its package registries."""
    wanted = ("PIP_", "UV_", "NPM_CONFIG_", "SSL_CERT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
    kept = {k: v for k, v in environment.items() if k.upper().startswith(wanted)}
    return {k: v for k, v in kept.items() if k != "UV_PYTHON_DOWNLOADS"}
