"""A27: somebody opens connections and says nothing, or very slowly."""

from contextlib import ExitStack

import pytest

from openviber_app.gate.crowd import PER_NODE, PER_VISITOR
from openviber_app.gate.newcomers import STRANGERS_OF_AN_ADDRESS
from openviber_protocol.frame import HELLO_TIMEOUT_SECONDS
from tests.support.board_process import BoardProcess, board_process
from tests.support.machine import Machine
from tests.support.raw_wire import (
    close_code,
    connection,
    handshake,
    read_all,
    shake_hands,
    status_of,
)
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

GET = b"GET /api/setup HTTP/1.1\r\nHost: x\r\n"


def test_slow_heads_and_bodies_and_a_node_that_never_says_hello_are_let_go(
    board: BoardProcess, node: Machine
) -> None:
    # all at once: each is waited for by the board, which takes as long as the longest of them
    with ExitStack() as held:
        silent = [held.enter_context(connection(board.url)) for _ in range(3)]
        silent[1].sendall(b"GET /api/set")
        silent[2].sendall(GET + b"X-Slow: 1\r\n")
        mute = held.enter_context(connection(board.url))
        shown = {"Authorization": f"Bearer {node.token}"}
        assert status_of(shake_hands(mute, board.url, "/hub", shown)) == 101
        for line in (*silent, mute):
            line.settimeout(60)
        assert HELLO_TIMEOUT_SECONDS <= 10
        assert close_code(mute) == 4400
        assert [read_all(line) for line in silent] == [b"", b"", b""]


def test_one_visitor_cannot_take_all_sockets(board: BoardProcess, rest: Rest) -> None:
    shown = {"Authorization": f"Bearer {rest.token}"}
    with ExitStack() as held:
        for _ in range(PER_VISITOR):
            line = held.enter_context(connection(board.url))
            assert status_of(shake_hands(line, board.url, "/api/live", shown)) == 101
        line = held.enter_context(connection(board.url))
        assert status_of(shake_hands(line, board.url, "/api/live", shown)) == 403
        assert rest.get("/api/me")["role"] == "owner"


def test_strangers_cannot_fill_the_memory_with_tabs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = "/_event/?EIO=4&transport=websocket&token="
    with board_process(tmp_path_factory.mktemp("tabs")) as started:
        codes = [
            handshake(started.url, f"{path}{n}", {"Origin": started.url})
            for n in range(STRANGERS_OF_AN_ADDRESS + 1)
        ]
        assert codes == [101] * STRANGERS_OF_AN_ADDRESS + [403]
        rest = Rest(started.url)
        rest.become_owner(started.setup_code())  # whoever signs in has tabs of their own
        signed_in = {"Origin": started.url, "Cookie": rest.cookie}
        assert handshake(started.url, f"{path}mine", signed_in) == 101


def test_one_token_of_a_node_cannot_either(board: BoardProcess, node: Machine) -> None:
    shown = {"Authorization": f"Bearer {node.token}"}
    with ExitStack() as held:
        codes = [
            status_of(
                shake_hands(held.enter_context(connection(board.url)), board.url, "/hub", shown)
            )
            for _ in range(PER_NODE + 1)
        ]
    assert 403 in codes
