"""A28: JSON that is nested without end, that names a key twice, that holds what JSON has not."""

import json

import pytest

from tests.support.board_process import BoardProcess
from tests.support.raw_wire import ask, close_code, connection, frame, shake_hands, status_of
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

BODIES = {
    "deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deeper than the parser": b"[" * 500_000,
    "a little too deep": b'{"name":' + b"[" * 32 + b"]" * 32 + b"}",
    "wide": b"{%s}" % b",".join(b'"k%d":0' % n for n in range(60_000)),
    "a key twice": b'{"name":"planted","type":"manual","name":"other"}',
    "not a number": b'{"name":"planted","type":"manual","timeLimitSeconds":NaN}',
    "endless": b'{"name":"planted","type":"manual","timeLimitSeconds":Infinity}',
    "a float beyond": b'{"name":"planted","type":"manual","timeLimitSeconds":1e400}',
    "an integer beyond": b'{"name":"planted","type":"manual","timeLimitSeconds":%s}'
    % (b"9" * 9000),
    "beyond 2**53": b'{"name":"planted","type":"manual","timeLimitSeconds":9007199254740993}',
    "half a character in a key": b'{"name":"planted","type":"manual","\\ud800":1}',
    "half a character": b'{"name":"\\udc00planted","type":"manual"}',
    "no text": b'{"name":"\xff\xfe","type":"manual"}',
    "nul": b'{"name":"planted\\u0000","type":"manual"}',
}
WHY = {
    "deep": "nested deeper than 32",
    "deeper than the parser": "nested deeper than 32",
    "a little too deep": "nested deeper than 32",
    "wide": "more than 1000 keys",
    "a key twice": "names a key twice",
    "not a number": "holds NaN, which is not JSON",
    "endless": "holds Infinity, which is not JSON",
    "a float beyond": "holds a number that is too large",
    "an integer beyond": "holds an integer beyond 2**53",
    "beyond 2**53": "holds an integer beyond 2**53",
    "half a character in a key": "has half a character",
}
"""What is said of a shape that is refused before any field is looked at."""

SOCKET = {name: body for name, body in BODIES.items() if len(body) < 4096}


def is_refused(answer: bytes, name: str) -> bool:
    """Whether a body is refused, for the reason that we have for it, if we have one."""
    if name in WHY:
        return status_of(answer) == 400 and WHY[name].encode() in answer
    return status_of(answer) in {400, 422}


@pytest.mark.parametrize("name", BODIES)
def test_a_route_refuses_it(board: BoardProcess, rest: Rest, name: str) -> None:
    headers = {"Authorization": f"Bearer {rest.token}", "Content-Type": "application/json"}
    for method, path in (("POST", "/api/environments"), ("PATCH", "/api/me")):
        answer = ask(board.url, method, path, headers, BODIES[name])
        assert is_refused(answer, name), answer[:400]
    assert is_refused(ask(board.url, "POST", "/api/nodes/onboard", headers, BODIES[name]), name)
    listed = json.dumps(rest.get("/api/environments"))
    assert "planted" not in listed


@pytest.mark.parametrize("name", SOCKET)
def test_the_viewers_socket_refuses_it(board: BoardProcess, rest: Rest, name: str) -> None:
    with connection(board.url) as line:
        shown = {"Authorization": f"Bearer {rest.token}"}
        assert status_of(shake_hands(line, board.url, "/api/live", shown)) == 101
        line.sendall(frame(SOCKET[name]))
        assert close_code(line) in {4400, 1007, 1009}


def test_nothing_of_it_was_too_much(board: BoardProcess, rest: Rest) -> None:
    assert rest.get("/api/me")["role"] == "owner"
    said = board.process.output()
    assert "openviber_app/" not in said, said[-4000:]  # no traceback of ours
