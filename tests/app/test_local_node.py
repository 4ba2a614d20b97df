import json
from pathlib import Path

import pytest

from openviber_app.local_node import local_address, point_at
from openviber_app.settings import Settings
from tests.support.board_process import board_process
from tests.support.processes import wait_until
from tests.support.rest import Rest


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:3000"),
        ("0.0.0.0", "http://127.0.0.1:3000"),
        ("::", "http://[::1]:3000"),
        ("::1", "http://[::1]:3000"),
        ("192.168.1.5", "http://192.168.1.5:3000"),
    ],
)
def test_the_node_reaches_the_board_without_leaving_the_machine(host: str, address: str) -> None:
    settings = Settings(Path("data"), host, 3000, "", "https://board.example.org", ())
    assert local_address(settings) == address


def test_a_board_on_another_port_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"boardUrl": "http://127.0.0.1:3000", "nodeId": "n"}))
    point_at(tmp_path, "http://127.0.0.1:3001")
    assert json.loads(file.read_text()) == {"boardUrl": "http://127.0.0.1:3001", "nodeId": "n"}
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.timeout(120)
def test_the_machine_onboards_itself_for_the_first_owner_and_comes_back(tmp_path: Path) -> None:
    with board_process(tmp_path, arguments=("--with-node",)) as board:
        rest = Rest(board.url)
        code = board.setup_code()
        board.process.wait_for(
            lambda: "first node once you made your account" in board.process.output(),
            what="the node's word that it waits",
        )
        rest.become_owner(code)

        def connected() -> list[str]:
            found = rest.get("/api/nodes")["nodes"]
            return [node["id"] for node in found if node["link"] == "connected"]

        first = wait_until(connected, what="the node of this machine")
        home = board.data / "node"
        assert (home / "config.json").stat().st_mode & 0o777 == 0o600
        assert board.stop() == 0
        board.restart()
        assert wait_until(connected, what="the same node again") == first
        assert "onboarded" not in board.process.output()


@pytest.mark.timeout(120)
def test_a_killed_board_leaves_no_daemon_behind(tmp_path: Path) -> None:
    with board_process(tmp_path, arguments=("--with-node",)) as board:
        Rest(board.url).become_owner(board.setup_code())
        home = f"OPENVIBER_HOME={board.data / 'node'}".encode()

        def daemons() -> list[Path]:
            return [found for found in Path("/proc").glob("[0-9]*") if has(found, home)]

        wait_until(daemons, what="the daemon")
        board.kill()
        wait_until(lambda: not daemons(), what="the daemon's end")


def has(process: Path, variable: bytes) -> bool:
    try:
        return variable in (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it ended while we looked
        return False
