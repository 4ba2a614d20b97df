"""A25: somebody sends a giant message, whole or in fragments without end."""

import pytest

from tests.support.board_process import BoardProcess
from tests.support.raw_wire import CONTINUATION, close_code, connection, frame, shake_hands
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

KIB = 1024
SOCKETS = ["/api/live", "/_event/?EIO=4&transport=websocket"]


def answered(board: BoardProcess, rest: Rest, path: str, *frames: bytes) -> int:
    """Send frames, and return the code with which the socket is closed."""
    with connection(board.url) as line:
        head = shake_hands(line, board.url, path, {"Authorization": f"Bearer {rest.token}"})
        assert head.startswith(b"HTTP/1.1 101"), head
        try:
            for one in frames:
                line.sendall(one)
        except ConnectionError:
            pass  # it hung up while we were still talking
        return close_code(line)


@pytest.mark.parametrize("path", SOCKETS)
def test_a_message_beyond_256_kib_ends_the_socket(
    board: BoardProcess, rest: Rest, path: str
) -> None:
    assert answered(board, rest, path, frame(b"a" * (256 * KIB + 1))) in {1009, 1006}


@pytest.mark.parametrize("path", SOCKETS)
def test_so_does_one_in_fragments(board: BoardProcess, rest: Rest, path: str) -> None:
    part = b"a" * (64 * KIB)
    first = frame(part, is_last=False)
    more = frame(part, opcode=CONTINUATION, is_last=False)
    assert answered(board, rest, path, first, *[more] * 8) in {1009, 1006}


def test_a_frame_that_only_says_it_is_giant_is_not_waited_for(
    board: BoardProcess, rest: Rest
) -> None:
    head = bytes([0x81, 0x80 | 127]) + (2**40).to_bytes(8, "big") + b"\0\0\0\0"
    assert answered(board, rest, "/api/live", head) == 1009


def test_the_board_still_serves_everybody_else(rest: Rest) -> None:
    assert rest.get("/api/me")["role"] == "owner"
