"""A12: another site's page opens the board's sockets with the visitor's cookie."""

import pytest

from tests.support.board_process import BoardProcess
from tests.support.machine import Machine
from tests.support.raw_wire import handshake
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

EVENTS = "/_event/?EIO=4&transport=websocket"
STRANGERS = [
    "http://evil.test",
    "https://evil.test",
    "null",
    "file://",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1:{port}.evil.test",
    "http://evil.test#127.0.0.1:{port}",
    "http://127.0.0.1:{port}@evil.test",
]


@pytest.mark.parametrize("path", [EVENTS, "/api/live"])
def test_only_the_boards_own_pages_get_a_socket(board: BoardProcess, rest: Rest, path: str) -> None:
    cookie = {"Cookie": rest.cookie}
    assert handshake(board.url, path, cookie | {"Origin": board.url}) == 101
    for stranger in STRANGERS:
        origin = stranger.format(port=board.port)
        assert handshake(board.url, path, cookie | {"Origin": origin}) == 403, origin
    assert handshake(board.url, path, cookie | {"Sec-Fetch-Site": "cross-site"}) == 403
    forwarded = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"}
    elsewhere = cookie | forwarded | {"Origin": "http://evil.test"}
    assert handshake(board.url, path, elsewhere) == 403


def test_no_page_at_all_speaks_for_a_node(board: BoardProcess, node: Machine) -> None:
    shown = {"Authorization": f"Bearer {node.token}"}
    assert handshake(board.url, "/hub", shown) == 101
    for origin in (board.url, "http://evil.test", "null"):
        assert handshake(board.url, "/hub", shown | {"Origin": origin}) == 403, origin
