"""Tests of `openviber_app.gate.newcomers`."""

from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.gate.newcomers import Newcomers
from openviber_app.services.accounts import start_session
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE
from tests.support import board
from tests.support.board import People, StillClock


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def _client(runtime: Runtime, host: str = "192.0.2.1") -> TestClient:
    routes = [WebSocketRoute(path, _greet) for path in ("/_event/", "/api/live")]
    inside = Newcomers(Starlette(routes=routes), lambda: runtime, strangers=3, of_a_person=5)
    return TestClient(inside, client=(host, 5000))


def _opened(
    client: TestClient, path: str = "/_event/", *, tries: int = 10, cookie: str = ""
) -> int:
    """Count how many of so many tabs are let in."""
    count = 0
    for number in range(tries):
        try:
            address = f"{path}?token={number}"
            with client.websocket_connect(address, headers={"cookie": cookie}) as socket:
                socket.receive()
        except WebSocketDisconnect:
            continue
        count += 1
    return count


async def test_strangers_of_an_address_open_so_many_tabs_and_people_more(
    runtime: Runtime, people: People
) -> None:
    grants = [await start_session(runtime, one.actor) for one in (people.alice, people.bob)]
    alice, bob = (f"{COOKIE}={grant.value}" for grant in grants)
    client = _client(runtime)
    assert _opened(client) == 3
    assert _opened(client, cookie=f"{COOKIE}=made-up") == 0  # a stranger like any
    assert _opened(client, cookie=alice) == 5
    assert _opened(client, cookie=bob) == 5
    assert _opened(client, "/api/live") == 10  # it keeps nothing
    assert _opened(_client(runtime, "192.0.2.2")) == 3


async def test_after_a_while_there_is_room_again(tmp_path: Path) -> None:
    clock = StillClock()
    async with board.runtime(tmp_path, clock=clock) as runtime:
        client = _client(runtime)
        assert _opened(client) == 3
        clock.move(timedelta(minutes=5, seconds=1))
        assert _opened(client) == 3
