"""Tests of `openviber_app.gate.crowd`."""

from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.gate.crowd import PER_NODE, Crowd
from openviber_app.services.visitors import COOKIE


async def _stay(socket: WebSocket) -> None:
    await socket.accept()
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _client(**limits: int) -> TestClient:
    inside = Starlette(routes=[WebSocketRoute("/api/live", _stay), WebSocketRoute("/hub", _stay)])
    return TestClient(Crowd(inside, **limits))


def _is_refused(client: TestClient, path: str = "/api/live", **headers: str) -> bool:
    try:
        with client.websocket_connect(path, headers=headers):
            return False
    except WebSocketDisconnect:
        return True


def test_a_visitor_has_so_many_sockets_and_gets_their_places_back() -> None:
    client = _client(per_visitor=2, per_address=100)
    ada, bob = {"cookie": f"{COOKIE}=ada"}, {"cookie": f"{COOKIE}=bob"}
    with ExitStack() as opened:
        for _ in range(2):
            opened.enter_context(client.websocket_connect("/api/live", headers=ada))
        assert _is_refused(client, **ada)
        assert not _is_refused(client, **bob)
        assert not _is_refused(client, authorization="Bearer ov_ada")
    assert not _is_refused(client, **ada)


def test_an_address_has_so_many_whatever_cookies_it_makes_up() -> None:
    client = _client(per_visitor=100, per_address=3)
    with ExitStack() as opened:
        for n in range(3):
            headers = {"cookie": f"{COOKIE}=made-up-{n}"}
            opened.enter_context(client.websocket_connect("/api/live", headers=headers))
        assert _is_refused(client, cookie=f"{COOKIE}=made-up-4")
        assert not _is_refused(client, "/hub", authorization="Bearer node")


@pytest.mark.parametrize("path", ["/hub"])
def test_nodes_of_one_address_may_be_many_but_each_has_few(path: str) -> None:
    client = _client(per_visitor=100, per_address=3)
    with ExitStack() as opened:
        for _ in range(PER_NODE):
            headers = {"authorization": "Bearer one"}
            opened.enter_context(client.websocket_connect(path, headers=headers))
        assert _is_refused(client, path, authorization="Bearer one")
        assert not _is_refused(client, path, authorization="Bearer another")
