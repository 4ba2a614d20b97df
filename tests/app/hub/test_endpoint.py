"""Who is let in at `/hub`, and who is not."""

import uuid
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from openviber_app.hub.endpoint import origin_for
from openviber_app.services.runtime import Runtime
from openviber_protocol.canonical import key_id
from tests.app.hub.conftest import Served
from tests.support.board import People
from tests.support.fake_node import make_node
from tests.support.hub_server import serving
from tests.support.node_keys import Keys


async def test_a_page_in_a_browser_is_not_let_in(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.node.auth_token}"}
    with pytest.raises(InvalidStatus) as refused:
        await connect(
            served.node.socket_url,
            additional_headers=headers,
            origin=Origin("https://evil.example"),
        )
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer ov_node_wrong", "Basic abc"])
async def test_without_a_nodes_own_token_the_socket_is_closed_with_4401(
    served: Served, header: str
) -> None:
    headers = {"Authorization": header} if header else {}
    async with connect(served.node.socket_url, additional_headers=headers) as socket:
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4401


async def test_a_persons_token_is_no_nodes_token(served: Served) -> None:
    served.node.auth_token = served.people.alice.token
    async with served.node.dialled() as session:
        assert await session.closed() == 4401


async def test_a_stolen_token_without_the_nodes_key_is_worth_nothing(served: Served) -> None:
    owner = served.node.keys
    stolen = Keys(sealing=owner.sealing)
    served.node.keys = stolen
    async with served.node.dialled() as session:
        assert await session.closed() == 4401
    async with served.node.dialled(signing_key_id=key_id(owner.public_signing)) as session:
        assert await session.closed() == 4401
        assert "not signed" in session.close_reason
    assert (await served.get(f"/api/nodes/{served.node.node_id}"))["link"] == "unreachable"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"node_id": uuid.uuid4()}, "another node"),
        ({"sealing_key_id": "0" * 16}, "keys are not those"),
        ({"hub_key_id": "0" * 16}, "trusts another key"),
    ],
)
async def test_a_hello_that_does_not_fit_the_node_is_refused(
    served: Served, changes: dict[str, Any], words: str
) -> None:
    async with served.node.dialled(**changes) as session:
        assert await session.closed() == 4401
        assert words in session.close_reason


async def test_who_says_nothing_is_hung_up_on(runtime: Runtime, people: People) -> None:
    async with (
        serving(runtime, hello_seconds=0.2) as server,
        httpx2.AsyncClient(base_url=server.url) as client,
    ):
        node = await make_node(client, server.socket_url, people.alice)
        headers = {"Authorization": f"Bearer {node.auth_token}"}
        async with connect(node.socket_url, additional_headers=headers) as socket:
            await socket.recv()  # the challenge
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 4400
            assert "no node:hello" in (socket.close_reason or "")


async def test_a_node_of_another_protocol_is_told_the_boards_range(served: Served) -> None:
    async with served.node.dialled(versions=(7, 9)) as session:
        assert await session.closed() == 4426
        assert "1" in session.close_reason


async def test_a_second_daemon_with_the_same_identity_takes_over(served: Served) -> None:
    copy = replace(served.node, commands=[], replies={}, records={}, logs={})
    async with served.node.connected() as first, copy.connected() as second:
        assert await first.closed() == 4409
        assert first.welcome is not None
        assert second.welcome is not None
        assert second.welcome.payload.epoch == first.welcome.payload.epoch + 1
        environment = await served.environment()
        mapped = await served.map(environment["id"])
        await served.prepare_is(mapped["prepare"]["id"], status="accepted")
        assert len(copy.commands) == 1
        assert served.node.commands == []
        assert len(served.server.hub.registry) == 1
        await served.node_becomes("connected")


async def test_a_killed_boards_links_are_forgotten_at_the_next_start(served: Served) -> None:
    async with served.node.connected():
        await served.node_becomes("connected")
        await served.server.hub.start()  # as a new process would, with the old one's rows
        assert (await served.get(f"/api/nodes/{served.node.node_id}"))["link"] == "unreachable"


def _socket(host: str, server: tuple[str, int]) -> WebSocket:
    scope = {"type": "websocket", "headers": [(b"host", host.encode())], "server": server}
    return WebSocket(scope, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "server", "origin"),
    [
        ("board.example", ("10.0.0.5", 3000), "https://board.example"),
        ("127.0.0.1:3000", ("127.0.0.1", 3000), "http://127.0.0.1:3000"),
        ("localhost:3000", ("127.0.0.1", 3000), "http://localhost:3000"),
        ("10.0.0.5:3000", ("10.0.0.5", 3000), "http://10.0.0.5:3000"),
        ("evil.example", ("10.0.0.5", 3000), "https://board.example"),
        ("10.0.0.6:3000", ("10.0.0.5", 3000), "https://board.example"),
        ("127.0.0.1:4000", ("127.0.0.1", 3000), "https://board.example"),
    ],
)
def test_the_board_confirms_no_name_that_is_not_its_own(
    host: str, server: tuple[str, int], origin: str
) -> None:
    assert origin_for(_socket(host, server), "https://board.example") == origin
