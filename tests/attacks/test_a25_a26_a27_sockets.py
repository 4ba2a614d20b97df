"""A25 to A27: giant messages, bombs and silent sockets at `/hub`."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from openviber_app.services.runtime import Runtime
from tests.app.hub.conftest import Served
from tests.support.board import People
from tests.support.fake_node import make_node
from tests.support.hub_server import serving

LIMIT = 256 * 1024


def fragments(total: int) -> Iterator[str]:
    return itertools.repeat("x" * 65536, total // 65536)


async def _until_closed(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await socket.recv()


@pytest.mark.parametrize("is_fragmented", [False, True])
async def test_a25_a_giant_message_is_cut_off_at_our_own_limit(
    served: Served, *, is_fragmented: bool
) -> None:
    headers = {"Authorization": f"Bearer {served.node.auth_token}"}
    async with connect(
        served.node.socket_url, additional_headers=headers, compression=None
    ) as socket:
        await socket.recv()  # the challenge
        with contextlib.suppress(ConnectionClosed):  # it may be gone before all of it was sent
            await socket.send(fragments(8 * LIMIT) if is_fragmented else "x" * (LIMIT + 1))
        await _until_closed(socket)
        assert socket.close_code == 1009


async def test_a26_the_hub_agrees_to_no_compression(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.node.auth_token}"}
    async with connect(
        served.node.socket_url, additional_headers=headers, compression="deflate"
    ) as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers
        assert socket.protocol.extensions == []


async def test_a27_who_never_says_hello_is_hung_up_on_while_others_are_served(
    runtime: Runtime, people: People
) -> None:
    async with (
        serving(runtime, hello_seconds=0.3) as server,
        httpx2.AsyncClient(base_url=server.url) as client,
    ):
        node = await make_node(client, server.socket_url, people.alice)
        headers = {"Authorization": f"Bearer {node.auth_token}"}

        async def stay_silent() -> int | None:
            async with connect(node.socket_url, additional_headers=headers) as socket:
                await _until_closed(socket)
                return socket.close_code

        async with asyncio.TaskGroup() as tasks:
            silent = [tasks.create_task(stay_silent()) for _ in range(20)]
            async with node.connected() as session:
                assert session.welcome is not None
        assert {task.result() for task in silent} == {4400}
        assert len(server.hub.registry) <= 1
