"""A26: a small message or body unpacks to hundreds of megabytes."""

import gzip
import json
import zlib

import pytest

from tests.support.board_process import BoardProcess
from tests.support.raw_wire import (
    ask,
    close_code,
    connection,
    frame,
    header_of,
    shake_hands,
    status_of,
)
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

BOMB = 50 * 1024 * 1024
RSV1 = 0x40  # marks a compressed message


@pytest.mark.parametrize("path", ["/api/live", "/_event/?EIO=4&transport=websocket", "/hub"])
def test_no_socket_agrees_to_compression(board: BoardProcess, rest: Rest, path: str) -> None:
    offered = {
        "Authorization": f"Bearer {rest.token}",
        "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
    }
    packer = zlib.compressobj(wbits=-15)
    bomb = packer.compress(b"a" * BOMB) + packer.flush(zlib.Z_SYNC_FLUSH)
    with connection(board.url) as line:
        head = shake_hands(line, board.url, path, offered)
        assert head.startswith(b"HTTP/1.1 101"), head
        assert header_of(head, "Sec-WebSocket-Extensions") is None
        line.sendall(frame(bomb[:-4], flags=RSV1))
        assert close_code(line) in {1002, 4401}  # the hub knows no such token, and said so first


def test_a_packed_body_is_not_unpacked(board: BoardProcess, rest: Rest) -> None:
    body = json.dumps({"name": "x" * BOMB, "type": "manual"}).encode()
    headers = {
        "Authorization": f"Bearer {rest.token}",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    answer = ask(board.url, "POST", "/api/environments", headers, gzip.compress(body))
    assert status_of(answer) in {400, 415, 422}


def test_a_body_beyond_one_mebibyte_is_not_read(board: BoardProcess, rest: Rest) -> None:
    headers = {"Authorization": f"Bearer {rest.token}", "Content-Type": "application/json"}
    declared = headers | {"Content-Length": str(2**33)}
    assert b" 413 " in ask(board.url, "PUT", "/api/environments/x", declared)[:20]
    with connection(board.url) as line:  # and one that does not say how long it is
        line.sendall(
            f"POST /api/environments HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            f"Authorization: Bearer {rest.token}\r\nContent-Type: application/json\r\n\r\n".encode()
        )
        chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
        try:
            for _ in range(32):
                line.sendall(chunk)
        except ConnectionError:
            pass
        assert status_of(line.recv(65536)) == 413
