"""A board's API and hub behind a real uvicorn: in this process, or as one that can be killed."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from openviber_app.api import bindings, daemon, environments, logs, nodes, prepares, runs, threads
from openviber_app.api.app import create_api
from openviber_app.hub import key_routes, onboarding
from openviber_app.hub.endpoint import Hub
from openviber_app.services.runtime import Runtime
from tests.support import board

ROUTERS = (
    bindings.router,
    daemon.router,
    environments.router,
    key_routes.router,
    logs.router,
    nodes.router,
    onboarding.router,
    prepares.router,
    runs.router,
    threads.router,
)


@dataclass
class HubServer:
    """Where it listens, and the hub inside."""

    url: str
    hub: Hub
    server: uvicorn.Server

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/hub"


def build(hub: Hub) -> FastAPI:
    """Put the API and the hub's route into one application."""
    app = create_api(*ROUTERS)
    app.router.routes.insert(0, hub.route)
    return app


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=256 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):
        yield  # the tests' own signals stay theirs


class _OrderlyServer(uvicorn.Server):
    """Lets the hub say goodbye before uvicorn closes what is left."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def main_loop(self) -> None:
        await super().main_loop()
        await self._hub.stop()


@contextlib.asynccontextmanager
async def serving(
    runtime: Runtime,
    *,
    port: int = 0,
    heartbeat_seconds: float = 10.0,
    hello_seconds: float = 10.0,
) -> AsyncIterator[HubServer]:
    """Serve a runtime's API and hub for as long as the block runs."""
    hub = Hub(lambda: runtime, heartbeat_seconds=heartbeat_seconds, hello_seconds=hello_seconds)
    await hub.start()
    taken = socket.create_server(("127.0.0.1", port))
    server = _QuietServer(_config(build(hub)))
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(server.serve(sockets=[taken]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        try:
            yield HubServer(f"http://127.0.0.1:{taken.getsockname()[1]}", hub, server)
        finally:
            await hub.stop()
            server.should_exit = True
            await task
    taken.close()


async def main(folder: Path, port: int) -> None:
    """Serve the board in `folder` until SIGTERM, as the real one does."""
    async with board.runtime(folder) as runtime:
        hub = Hub(lambda: runtime, heartbeat_seconds=1.0)
        await hub.start()
        with socket.create_server(("127.0.0.1", port)) as taken:
            await _OrderlyServer(_config(build(hub)), hub).serve(sockets=[taken])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
