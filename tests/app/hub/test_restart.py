"""A board that is killed in the middle of a stream, and started again on the same database."""

import asyncio
import hashlib
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from tests.support import board
from tests.support.fake_node import DEADLINE_SECONDS, make_node, until
from tests.support.processes import free_port

ROOT = Path(__file__).resolve().parents[3]
SIZE = 20 * 1024 * 1024


class Server:
    """A process that serves the board's API and hub."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.hub_server", str(folder), str(port)], cwd=ROOT
        )

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(DEADLINE_SECONDS)


@asynccontextmanager
async def started(folder: Path, port: int) -> AsyncIterator[tuple[Server, httpx2.AsyncClient]]:
    server = Server(folder, port)
    try:
        async with httpx2.AsyncClient(base_url=server.url, timeout=30) as client:
            async with asyncio.timeout(DEADLINE_SECONDS):
                while True:
                    try:
                        await client.get("/api/daemon")
                        break
                    except httpx2.TransportError:
                        await asyncio.sleep(0.05)
            yield server, client
    finally:
        if server.process.poll() is None:
            server.end(signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_no_byte_is_lost_or_stored_twice_when_the_board_ends_mid_stream(
    tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    async with board.runtime(tmp_path) as runtime:
        people = await board.two_users(runtime)
    alice = people.alice.headers
    data = bytes(range(256)) * (SIZE // 256)
    async with started(tmp_path, port) as (server, client):
        node = await make_node(client, server.url.replace("http", "ws") + "/hub", people.alice)
        body = {"name": "library", "type": "manual", "setupMode": "manual", "setupScript": "true"}
        made = await client.post("/api/environments", json=body, headers=alice)
        path = f"/api/environments/{made.json()['id']}/bindings"
        mapped = await client.post(path, json={"nodeId": str(node.node_id)}, headers=alice)
        prepare_id = mapped.json()["prepare"]["id"]
        async with node.connected() as session:
            await until(lambda: node.commands, what="the command")
            command = node.commands[0]
            stream = f"log/{prepare_id}"
            node.add_log(command.payload.prepare_id, data)  # type: ignore[union-attr]
            session.wake.set()
            await until(lambda: node.acked.get(stream, 0) > SIZE // 10, what="the first acks")
            await asyncio.to_thread(server.end, number)
            code = await session.closed()
            assert code == (1012 if number is signal.SIGTERM else 1006)
        first = node.acked[stream]
        assert first < SIZE
    node.finish_prepare(command)
    async with started(tmp_path, port) as (_, client):
        async with node.connected() as session:
            assert session.welcome is not None
            assert session.welcome.payload.epoch == 2
            acks = {ack.stream: ack.next for ack in session.welcome.payload.acks}
            assert acks[stream] >= first  # what was acked is durable
            await until(lambda: len(node.settled) == 2, what="both streams settled")
        seen = (await client.get(f"/api/prepares/{prepare_id}", headers=alice)).json()
        assert seen["status"] == "succeeded"
        log = await client.get(f"/api/prepares/{prepare_id}/log?download=1", headers=alice)
    assert seen["log"]["complete"] is True
    assert len(log.content) == SIZE
    assert hashlib.sha256(log.content).hexdigest() == hashlib.sha256(data).hexdigest()
    assert len(node.commands) == 1
