"""Tests of `openviber_app.gate.strangers`."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.gate.strangers import NoStrangers, may_pass

PUBLIC = "http://board.test"
EVIL = {"origin": "http://evil.test"}
OWN = {"origin": "http://board.test"}
FROM_A_PROGRAM: dict[str, str] = {}
FOLLOWED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
EMBEDDED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
BEARER = {"authorization": "Bearer ov_x"}


def passes(kind: str, path: str, headers: dict[str, str]) -> bool:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: Scope = {"type": "websocket" if kind == "WS" else "http", "path": path}
    scope |= {"method": kind, "headers": [*raw, (b"host", b"board.test")]}
    return may_pass(scope, public_url=PUBLIC)


@pytest.mark.parametrize(
    ("kind", "path", "headers"),
    [
        ("POST", "/api/threads", OWN),
        ("POST", "/api/threads", FROM_A_PROGRAM),
        ("POST", "/api/threads", EVIL | BEARER),
        ("GET", "/api/me", FROM_A_PROGRAM),
        ("GET", "/api/runs/1/log", FOLLOWED),
        ("GET", "/", EMBEDDED),
        ("WS", "/api/live", OWN),
        ("WS", "/api/live", FROM_A_PROGRAM),
        ("WS", "/_event/", OWN),
        ("WS", "/hub", FROM_A_PROGRAM),
    ],
)
def test_own_pages_programs_and_links_pass(kind: str, path: str, headers: dict[str, str]) -> None:
    assert passes(kind, path, headers)


@pytest.mark.parametrize(
    ("kind", "path", "headers"),
    [
        ("POST", "/api/threads", EVIL),
        ("POST", "/api/threads", {"origin": "null"}),
        ("POST", "/api/sessions", FOLLOWED),  # a form of another site: it signs nobody in
        ("DELETE", "/api/threads/1", EMBEDDED),
        ("POST", "/_event/", EVIL),
        ("POST", "/_upload", EVIL),
        ("GET", "/api/me", EVIL),
        ("GET", "/api/me", EMBEDDED),
        ("OPTIONS", "/api/me", EVIL),
        ("GET", "/_event/", EMBEDDED),
        ("WS", "/api/live", EVIL),
        ("WS", "/api/live", EVIL | BEARER),
        ("WS", "/api/live", EMBEDDED),
        ("WS", "/_event/", EVIL),
        ("WS", "/hub", EVIL),
        ("WS", "/hub", OWN),  # no page speaks for a node
    ],
)
def test_strangers_do_not_pass(kind: str, path: str, headers: dict[str, str]) -> None:
    assert not passes(kind, path, headers)


async def _hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.method)


async def _open(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def test_a_stranger_gets_403_and_a_socket_no_handshake() -> None:
    inside = Starlette(
        routes=[Route("/api/x", _hello, methods=["POST"]), WebSocketRoute("/api/live", _open)]
    )
    client = TestClient(NoStrangers(inside, public_url=PUBLIC), base_url=PUBLIC)
    assert client.post("/api/x", headers=OWN).text == "POST"
    refused = client.post("/api/x", headers=EVIL)
    assert (refused.status_code, refused.headers["content-type"]) == (
        403,
        "application/problem+json",
    )
    assert "access-control-allow-origin" not in refused.headers
    with client.websocket_connect("/api/live", headers=OWN):
        pass
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/api/live", headers=EVIL),
    ):
        pass
