import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from openviber_app.server import CannotServeError, is_open_to_the_network, listen, locked
from openviber_app.settings import Settings
from tests.support.board_process import BoardProcess, board_process
from tests.support.processes import answers, free_port
from tests.support.rest import Rest


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    with board_process(tmp_path_factory.mktemp("board")) as started:
        yield started


@pytest.fixture(scope="module")
def rest(board: BoardProcess) -> Rest:
    client = Rest(board.url)
    client.become_owner(board.setup_code())
    return client


def settings(tmp_path: Path, host: str, url: str) -> Settings:
    return Settings(tmp_path, host, 3000, "", url, ())


def test_a_busy_port_is_said_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServeError, match=f"port {port} .* in use .* PORT={port + 1}"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(CannotServeError, match="not an address of this machine"):
        listen("192.0.2.1", free_port())


def test_a_data_folder_is_held_by_one_board(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    with locked(data):
        assert data.stat().st_mode & 0o777 == 0o700
        with (
            pytest.raises(CannotServeError, match=r"another board \(pid \d+\) uses DATA="),
            locked(data),
        ):
            pass
    with locked(data):
        pass


@pytest.mark.parametrize(
    ("host", "url", "is_open"),
    [
        ("127.0.0.1", "http://localhost:3000", False),
        ("::1", "http://[::1]:3000", False),
        ("0.0.0.0", "http://localhost:3000", True),
        ("192.168.1.5", "http://192.168.1.5:3000", True),
        ("0.0.0.0", "https://board.example.org", False),
    ],
)
def test_a_board_knows_whether_others_can_listen_in(
    tmp_path: Path, host: str, url: str, *, is_open: bool
) -> None:
    assert is_open_to_the_network(settings(tmp_path, host, url)) is is_open


def test_a_second_board_on_the_same_data_is_refused_by_name(board: BoardProcess) -> None:
    second = BoardProcess(board.data)
    second.log = board.data.parent / "second.log"
    second.start(wait=False)
    assert second.process.wait() == 1
    assert f"another board (pid {board.process.pid}) uses DATA=" in second.process.output()


def test_a_second_board_on_the_same_port_is_refused(board: BoardProcess, tmp_path: Path) -> None:
    second = BoardProcess(tmp_path / "other", port=board.port)
    second.start(wait=False)
    assert second.process.wait() == 1
    assert f"port {board.port} on 127.0.0.1 is in use" in second.process.output()
    assert not (tmp_path / "other").exists()


def test_another_sites_page_gets_no_socket_of_reflex(board: BoardProcess) -> None:
    url = board.url.replace("http", "ws") + "/_event/?EIO=4&transport=websocket"
    with pytest.raises(Exception, match=r"rejected|400|403"):  # noqa: SIM117 - the first must fail
        with connect(url, origin=Origin("http://evil.test"), proxy=None):
            pass


def read_to_the_end(viewer: ClientConnection) -> None:
    while True:
        viewer.recv(timeout=20)


def test_viewers_are_told_of_a_restart_and_a_killed_board_comes_back(
    board: BoardProcess, rest: Rest
) -> None:
    url = board.url.replace("http", "ws") + "/api/live"
    headers = {"Authorization": f"Bearer {rest.token}"}
    with connect(url, additional_headers=headers, proxy=None) as viewer:
        viewer.send('{"sub": "user"}')
        viewer.recv(timeout=20)
        assert board.stop() == 0
        with pytest.raises(ConnectionClosed) as closed:
            read_to_the_end(viewer)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    board.restart()
    board.kill()
    board.restart()
    assert answers(f"{board.url}/ping")
    assert rest.get("/api/me")["role"] == "owner"


def test_a_database_of_a_newer_version_is_refused_in_words(tmp_path: Path) -> None:
    with board_process(tmp_path) as started:
        started.stop()
        with closing(sqlite3.connect(started.data / "board.sqlite3")) as database:
            database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
            database.commit()
        started.start(wait=False)
        assert started.process.wait() == 1
        output = started.process.output()
    assert output.startswith("error: this database cannot be used by this version")
    assert "Traceback" not in output
