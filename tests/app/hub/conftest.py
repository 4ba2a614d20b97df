"""A served board with one of Alice's nodes and one of her environments."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.fake_node import DEADLINE_SECONDS, FakeNode, make_node, until
from tests.support.hub_server import HubServer, serving


@dataclass
class Served:
    """What most tests of the hub begin with."""

    server: HubServer
    client: httpx2.AsyncClient
    people: People
    node: FakeNode
    runtime: Runtime

    async def get(self, path: str) -> Any:
        answer = await self.client.get(path, headers=self.people.alice.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, *, status: int = 201) -> Any:
        answer = await self.client.post(path, json=body, headers=self.people.alice.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def environment(self, **changes: Any) -> dict[str, Any]:
        body = {"name": "library", "type": "manual", "setupMode": "manual"}
        return await self.post("/api/environments", body | {"setupScript": "true"} | changes)

    async def map(self, environment_id: str) -> dict[str, Any]:
        body = {"nodeId": str(self.node.node_id)}
        return await self.post(f"/api/environments/{environment_id}/bindings", body)

    async def prepare_is(self, prepare_id: str, **wanted: Any) -> dict[str, Any]:
        """Wait until a prepare looks like this."""
        return await self.becomes(f"/api/prepares/{prepare_id}", **wanted)

    async def becomes(self, path: str, **wanted: Any) -> dict[str, Any]:
        """Wait until what a route answers looks like this."""
        seen: dict[str, Any] = {}
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                while True:
                    seen = await self.get(path)
                    if all(seen[name] == value for name, value in wanted.items()):
                        return seen
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{path} never became {wanted}: {seen}") from None

    async def node_becomes(self, link: str) -> dict[str, Any]:
        return await self.becomes(f"/api/nodes/{self.node.node_id}", link=link)

    async def command(self, number: int = 0) -> Any:
        """Wait for the node's command of this number."""
        await until(lambda: len(self.node.commands) > number, what=f"command {number}")
        return self.node.commands[number]

    async def log_of(self, execution_id: Any) -> bytes:
        answer = await self.client.get(
            f"/api/prepares/{execution_id}/log?download=1", headers=self.people.alice.headers
        )
        return answer.content


@pytest.fixture
async def served(runtime: Runtime, people: People) -> AsyncIterator[Served]:
    async with (
        serving(runtime, heartbeat_seconds=1.0) as server,
        httpx2.AsyncClient(base_url=server.url, timeout=30) as client,
    ):
        node = await make_node(client, server.socket_url, people.alice)
        yield Served(server, client, people, node, runtime)
