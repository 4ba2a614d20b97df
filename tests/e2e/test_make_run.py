"""`make run` itself: a board with a node of this machine, and both gone after Ctrl-C."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.board_process import KEPT, ROOT
from tests.support.processes import answers, free_port, wait_until
from tests.support.rest import Rest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not (ROOT / ".venv" / "board.stamp").exists(),
        reason="make would install anew: run this test by `make test`",
    ),
]


@contextmanager
def made_run(folder: Path, port: int) -> Iterator[tuple[str, Path]]:
    """Run it as a person does, end it with Ctrl-C; yields its address and its output."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"DATA": str(folder / "data"), "PORT": str(port)}
    said = folder / "said.log"
    with said.open("wb") as sink:
        terminal = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{url}/ping") or None, what=f"make run: {said.read_text()}")
        yield url, said
    finally:
        os.killpg(terminal.pid, signal.SIGINT)  # what a terminal does
        terminal.wait(60)
        wait_until(lambda: not _users_of(folder) or None, what="board and node to be gone")


def _users_of(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder).encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [words for words in found if "openviber" in words and "pytest" not in words]


def _node_is_online(rest: Rest) -> bool | None:
    return [node["link"] for node in rest.get("/api/nodes")["nodes"]] == ["connected"] or None


def test_one_command_brings_up_a_board_with_a_node_and_ctrl_c_ends_both(tmp_path: Path) -> None:
    port = free_port()
    with made_run(tmp_path, port) as (url, said):
        pattern = re.compile(r"set-up code: (\S+)")
        code = wait_until(lambda: pattern.search(said.read_text()), what="the set-up code")[1]
        rest = Rest(url)
        rest.become_owner(code)
        wait_until(lambda: _node_is_online(rest), what="this machine's own node")
        environment = rest.environment("first", setupMode="manual", setupScript="echo hello")
        node = rest.get("/api/nodes")["nodes"][0]
        assert rest.prepared(rest.map(environment, node["id"])["id"])["status"] == "succeeded"
    with made_run(tmp_path, port) as (_, said):
        wait_until(lambda: _node_is_online(rest), what="the node to come back")
        run = rest.do(rest.thread(environment), "echo again")
        assert rest.log("runs", run["id"]) == b"again\n"
        assert "set-up code" not in said.read_text()
