"""A27: somebody opens connections and says nothing, or very slowly."""

from contextlib import ExitStack

import pytest

from openviber_app.gate.crowd import PER_NODE, PER_VISITOR
from openviber_protocol.frame import HELLO_TIMEOUT_SECONDS
from tests.support.board_process import BoardProcess
from tests.support.machine import Machine
from tests.support.raw_wire import close_code, connection, read_all, shake_hands, status_of
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
