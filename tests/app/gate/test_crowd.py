"""Tests of `openviber_app.gate.crowd`."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.gate.crowd import PER_NODE, Crowd
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE


async def _stay(socket: WebSocket) -> None:
    await socket.accept()
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _client(runtime: Runtime, *, host: str = "192.0.2.1", **limits: int) -> TestClient:
    inside = Starlette(routes=[WebSocketRoute("/api/live", _stay), WebSocketRoute("/hub", _stay)])
    return TestClient(Crowd(inside, lambda: runtime, **limits), client=(host, 5000))


def _set(runtime: Runtime, **settings: Any) -> Runtime:
    return replace(runtime, settings=replace(runtime.settings, **settings))


def _is_refused(client: TestClient, path: str = "/api/live", **headers: str) -> bool:
    try:
        with client.websocket_connect(path, headers=headers):
            return False
    except WebSocketDisconnect:
        return True


def test_a_visitor_has_so_many_sockets_and_gets_their_places_back(runtime: Runtime) -> None:
    client = _client(runtime, per_visitor=2, per_address=100)
    ada, bob = {"cookie": f"{COOKIE}=ada"}, {"cookie": f"{COOKIE}=bob"}
    with ExitStack() as opened:
        for _ in range(2):
            opened.enter_context(client.websocket_connect("/api/live", headers=ada))
        assert _is_refused(client, **ada)
        assert not _is_refused(client, **bob)
        assert not _is_refused(client, authorization="Bearer ov_ada")
    assert not _is_refused(client, **ada)


def test_an_address_has_so_many_whatever_cookies_it_makes_up(runtime: Runtime) -> None:
    client = _client(runtime, per_visitor=100, per_address=3)
    with ExitStack() as opened:
        for n in range(3):
            headers = {"cookie": f"{COOKIE}=made-up-{n}"}
            opened.enter_context(client.websocket_connect("/api/live", headers=headers))
        assert _is_refused(client, cookie=f"{COOKIE}=made-up-4")
        assert not _is_refused(client, "/hub", authorization="Bearer node")


@pytest.mark.parametrize("path", ["/hub"])
def test_nodes_of_one_address_may_be_many_but_each_has_few(runtime: Runtime, path: str) -> None:
    client = _client(runtime, per_visitor=100, per_address=3)
    with ExitStack() as opened:
        for _ in range(PER_NODE):
            headers = {"authorization": "Bearer one"}
            opened.enter_context(client.websocket_connect(path, headers=headers))
        assert _is_refused(client, path, authorization="Bearer one")
        assert not _is_refused(client, path, authorization="Bearer another")


def test_behind_tls_a_visitor_is_known_by_the_cookie_that_counts_there(runtime: Runtime) -> None:
    behind = _set(runtime, public_url="https://board.example.org")
    client = _client(behind, per_visitor=1, per_address=100)
    ada = {"cookie": f"__Host-{COOKIE}=ada"}
    with client.websocket_connect("/api/live", headers=ada):
        assert _is_refused(client, **ada)
        assert not _is_refused(client, cookie=f"__Host-{COOKIE}=bob")


def test_visitors_of_a_trusted_proxy_have_addresses_of_their_own(runtime: Runtime) -> None:
    behind = _set(runtime, trusted_proxies=("10.0.0.1",))
    client = _client(behind, host="10.0.0.1", per_visitor=100, per_address=1)
    seen = {"x-forwarded-for": "203.0.113.5"}
    with client.websocket_connect("/api/live", headers=seen):
        assert _is_refused(client, **seen)
        assert not _is_refused(client, **{"x-forwarded-for": "203.0.113.6"})
    stranger = _client(behind, per_visitor=100, per_address=1)
    with stranger.websocket_connect("/api/live", headers=seen):
        assert _is_refused(stranger, **{"x-forwarded-for": "203.0.113.6"})


def test_a_whole_network_of_ipv6_is_one_address(runtime: Runtime) -> None:
    behind = _set(runtime, trusted_proxies=("10.0.0.1",))
    client = _client(behind, host="10.0.0.1", per_visitor=100, per_address=1)
    with client.websocket_connect("/api/live", headers={"x-forwarded-for": "2001:db8::1"}):
        assert _is_refused(client, **{"x-forwarded-for": "2001:db8::2"})
        assert not _is_refused(client, **{"x-forwarded-for": "2001:db8:0:1::1"})
