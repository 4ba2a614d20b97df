"""A proxy between a node and its board that can duplicate, drop, hold back and reorder frames."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Fault = Callable[[list[str]], list[str]]
"""Takes the frames that arrived (text), returns those to pass on now."""


def pass_on(frames: list[str]) -> list[str]:
    """Do no harm."""
    return frames


def twice(frames: list[str]) -> list[str]:
    """Send each frame two times."""
    return [copy for frame in frames for copy in (frame, frame)]


def without(type_name: str) -> Fault:
    """Drop every frame of one type."""

    def drop(frames: list[str]) -> list[str]:
        return [frame for frame in frames if json.loads(frame)["type"] != type_name]

    return drop


@dataclass
class Shuffle:
    """Turn every `window` stream frames around; frames without a position pass at once."""

    window: int = 5
    held: list[str] = field(default_factory=list)
    turned: int = 0

    def __call__(self, frames: list[str]) -> list[str]:
        out: list[str] = []
        for frame in frames:
            if json.loads(frame).get("seq") is None:
                out.append(frame)
                continue
            self.held.append(frame)
            if len(self.held) >= self.window:
                self.turned += 1
                out += reversed(self.held)
                self.held = []
        return out


@dataclass
class Proxy:
    """Faults can be changed while frames flow; `counts` has the frames, by direction and type."""

    url: str = ""
    to_node: Fault = pass_on
    to_hub: Fault = pass_on
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    links: int = 0

    def note(self, direction: str, frame: str) -> None:
        key = (direction, json.loads(frame)["type"])
        self.counts[key] = self.counts.get(key, 0) + 1


def _forward(target: str, request: Request) -> Response:
    parts = urlsplit(target)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        link.request("GET", request.path, headers=dict(request.headers.raw_items()))
        answer = link.getresponse()
        body = answer.read()
        kept = Headers(
            [
                (k, v)
                for k, v in answer.getheaders()
                if k.lower() not in {"transfer-encoding", "connection"}
            ]
        )
        return Response(answer.status, answer.reason, kept, body)
    finally:
        link.close()


@asynccontextmanager
async def proxying(target: str, *, port: int) -> AsyncIterator[Proxy]:
    """Stand on `port` before the board at `target`, whose public address must be the proxy's."""
    proxy = Proxy()

    async def web(_link: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("upgrade", "").lower() == "websocket":
            return None
        return await asyncio.to_thread(_forward, target, request)

    async def pump(
        direction: str,
        receive: Callable[[], Awaitable[str | bytes]],
        send: Callable[[str], Awaitable[None]],
        fault: Callable[[], Fault],
    ) -> None:
        while True:
            frame = await receive()
            assert isinstance(frame, str)
            proxy.note(direction, frame)
            for kept in fault()([frame]):
                await send(kept)

    async def relay(node: ServerConnection) -> None:
        proxy.links += 1
        assert node.request is not None
        wanted = {k: v for k, v in node.request.headers.raw_items() if k.lower() == "authorization"}
        behind = urlsplit(target)
        async with connect(
            f"ws://{node.request.headers['host']}{node.request.path}",  # the Host the node dialled
            host=behind.hostname,
            port=behind.port,
            compression=None,
            additional_headers=wanted,
            ping_interval=None,
            max_size=2**20,
        ) as hub:
            try:
                async with asyncio.TaskGroup() as pumps:
                    pumps.create_task(pump("to_hub", node.recv, hub.send, lambda: proxy.to_hub))
                    pumps.create_task(pump("to_node", hub.recv, node.send, lambda: proxy.to_node))
            except* ConnectionClosed:
                code = hub.close_code or node.close_code or 1001
                code = code if code != 1006 else 1001
                await node.close(code)

    async with serve(
        relay,
        "127.0.0.1",
        port,
        compression=None,
        process_request=web,
        max_size=2**20,
        ping_interval=None,
    ) as server:
        host, port = server.sockets[0].getsockname()[:2]
        proxy.url = f"http://{host}:{port}"
        yield proxy
