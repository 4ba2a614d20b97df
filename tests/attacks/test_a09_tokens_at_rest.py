"""A09: somebody reads the database and the logs, and looks for tokens that still work."""

import re

import pytest

from tests.support.board_process import BoardProcess
from tests.support.machine import Machine, files_with
from tests.support.raw_wire import ask, status_of
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

LONG_RANDOM = re.compile(r"(?:ov_(?:[a-z]+_)?)?[A-Za-z0-9_-]{43,}")
"""43 characters of base64 hold 256 bits."""


def test_no_token_lies_in_the_boards_files_or_logs(
    board: BoardProcess, rest: Rest, node: Machine
) -> None:
    one_time = rest.post("/api/nodes/tokens", {"name": "spare"})["token"]
    session = rest.cookie.partition("=")[2]
    for value in (rest.token, one_time, session, node.token):
        assert LONG_RANDOM.fullmatch(value), value[:4]
        assert files_with(value.encode(), board.data.parent) == []
        assert value.encode() not in board.log.read_bytes()
        assert value.encode() not in node.log.read_bytes()


def test_a_stored_hash_is_no_token(board: BoardProcess, rest: Rest) -> None:
    content = b"".join(
        file.read_bytes() for file in board.data.glob("board.sqlite3*") if file.is_file()
    )
    hashes = {found.decode() for found in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}", content)}
    assert hashes
    for value in hashes:
        answer = ask(board.url, "GET", "/api/me", {"Authorization": f"Bearer {value}"})
        assert status_of(answer) == 401


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "api_key"])
def test_a_token_in_an_address_opens_nothing(board: BoardProcess, rest: Rest, name: str) -> None:
    assert status_of(ask(board.url, "GET", f"/api/me?{name}={rest.token}", {})) == 401
