"""A viewer of the live channel, and a board on a real port for it to connect to."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
import websockets
from fastapi import APIRouter
from starlette.routing import WebSocketRoute

from openviber_app.api.app import create_api
from openviber_app.live.endpoint import endpoint

PATIENCE = 20
"""Seconds until a fact that should come is given up; nothing is measured by it."""

Entry = tuple[str, int, dict[str, object]]


class BoardOnAPort:
    """An address and a way to stop the server as SIGTERM does."""

    def __init__(self, server: uvicorn.Server, port: int) -> None:
        self.server = server
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.live = f"ws://{self.host}/api/live"

    def stop(self) -> None:
        """Ask the server to end."""
        self.server.should_exit = True


@asynccontextmanager
async def board_on_a_port(*routers: APIRouter) -> AsyncIterator[BoardOnAPort]:
    """Serve the live channel and some routes with the server and settings of the product."""
    api = create_api(*routers)
    api.router.routes.insert(0, WebSocketRoute("/api/live", endpoint))
    config = uvicorn.Config(
        api,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=256 * 1024,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    server.config.load()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(server._serve([listener]))
        board = BoardOnAPort(server, listener.getsockname()[1])
        try:
            yield board
        finally:
            board.stop()
            await serving


@dataclass
class LiveClient:
    """One tab: it keeps every entry that came."""

    socket: websockets.ClientConnection
    entries: list[Entry] = field(default_factory=list)

    async def follow(self, topic: str, *, after: int | None = None) -> None:
        """Subscribe; without `after`, from the beginning."""
        wish: dict[str, object] = {"sub": topic}
        if after is not None:
            wish["after"] = after
        await self.socket.send(json.dumps(wish))

    async def leave(self, topic: str) -> None:
        """Unsubscribe."""
        await self.socket.send(json.dumps({"unsub": topic}))

    async def receive(self) -> list[Entry]:
        """Wait for one message."""
        async with asyncio.timeout(PATIENCE):
            found = [(t, p, e) for t, p, e in json.loads(await self.socket.recv())]
        self.entries += found
        return found

    async def until(self, fact: Callable[["LiveClient"], object]) -> None:
        """Receive until something holds."""
        while not fact(self):
            await self.receive()

    def events(self, topic: str, kind: str | None = None) -> list[dict[str, object]]:
        """Return a topic's events so far."""
        return [e for t, _, e in self.entries if t == topic and kind in {None, e["t"]}]

    def position(self, topic: str) -> int:
        """Return where a topic would be resumed."""
        return next((p for t, p, _ in reversed(self.entries) if t == topic), 0)

    def log(self, topic: str) -> bytes:
        """Return the bytes of a log so far; a hole or an overlap is an error."""
        data = bytearray()
        first = None
        for event in self.events(topic, "log"):
            at, piece = event["at"], base64.b64decode(str(event["d"]))
            assert isinstance(at, int)
            first = at if first is None else first
            assert at == first + len(data), "the log has a hole or an overlap"
            data += piece
        return bytes(data)


@asynccontextmanager
async def live_client(
    board: BoardOnAPort,
    headers: Mapping[str, str],
    *,
    origin: str | None = None,
    receive_buffer: int | None = None,
) -> AsyncIterator[LiveClient]:
    """Connect a viewer; a small `receive_buffer` makes a slow reader felt by the server."""
    raw = socket.socket()
    if receive_buffer is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.setblocking(False)
    host, port = board.host.split(":")
    await asyncio.get_running_loop().sock_connect(raw, (host, int(port)))
    async with websockets.connect(
        board.live,
        sock=raw,
        additional_headers=dict(headers),
        origin=websockets.Origin(origin) if origin else None,
        compression=None,
        max_size=None,
        max_queue=1,
        open_timeout=PATIENCE,
        close_timeout=PATIENCE,
    ) as connection:
        yield LiveClient(connection)
