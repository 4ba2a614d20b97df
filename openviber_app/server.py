"""The board as one process: its port, its lock on the data folder, its orderly end."""

import asyncio
import contextlib
import errno
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import uvicorn
import uvloop
from reflex_base import constants
from reflex_base.environment import environment

from openviber_app.domain.errors import OpenViberError
from openviber_app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
MAX_MESSAGE_BYTES = 256 * 1024
GRACE_SECONDS = 3
BACKLOG = 2048
PING_SECONDS = 20
Beside = Callable[[], AbstractAsyncContextManager[None]]
LOOPBACK = ("127.", "::1", "localhost")

OPEN_TO_ALL = (
    "warning: HOST={host} lets everyone on your network reach this board, and without TLS they can "
    "read what is typed here, passwords and secrets among it. Put a TLS proxy in front of it and "
    "set PUBLIC_URL=https://your.address, or keep HOST=127.0.0.1."
)


class CannotServeError(OpenViberError):
    """The board cannot start; the message says what is in the way and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow happens.

    Raises:
        CannotServeError: the port is taken, or the host is not an address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except OSError as error:
        taken.close()
        match error.errno:
            case errno.EADDRINUSE:
                message = (
                    f"port {port} on {host} is in use by another program; stop it, or choose "
                    f"another port: PORT={port + 1}"
                )
            case errno.EACCES:
                message = f"port {port} is reserved for root; choose one above 1023, such as 3000"
            case _:
                message = f"{host} is not an address of this machine ({error.strerror or error})"
        raise CannotServeError(message) from error
    taken.setblocking(False)  # noqa: FBT003 - the library's signature
    return taken


@contextlib.contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data folder for this process alone; it is made when absent.

    Raises:
        CannotServeError: another board uses the folder, or it cannot be written.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (data / "board.lock").open("a+")
    except OSError as error:
        raise CannotServeError(f"cannot write to DATA={data}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise CannotServeError(
                f"another board (pid {lock.read().strip() or 'unknown'}) uses DATA={data}; "
                "stop it, or choose another folder: DATA=..."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_open_to_the_network(settings: Settings) -> bool:
    """Whether others can reach the board over a connection that nobody said is encrypted."""
    return not settings.host.startswith(LOOPBACK) and not settings.public_url.startswith("https:")


class Server(uvicorn.Server):
    """uvicorn with company: `beside` is entered once the board answers, left before it stops."""

    def __init__(self, config: uvicorn.Config, beside: Beside) -> None:
        super().__init__(config)
        self._beside = beside
        self.failure: OpenViberError | None = None

    async def main_loop(self) -> None:
        try:
            async with self._beside():
                await super().main_loop()
        except OpenViberError as error:  # stop in order, then say it
            self.failure = error

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM with an exit code of 0 (uvicorn would kill itself again)."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


def use_prebuilt_frontend(root: Path) -> None:
    """Make Reflex serve what was built: no compiler, no JavaScript runtime.

    Raises:
        CannotServeError: nothing was built yet.
    """
    built = root / "openviber_app" / "_frontend"
    if not (built / "build" / "client" / "index.html").exists():
        raise CannotServeError("the frontend is not built yet; run: make frontend")
    os.chdir(root)  # Reflex looks for rxconfig.py in the working directory
    sys.path.insert(0, str(root))
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_WEB_WORKDIR.set(built)


async def _serve_on(taken: socket.socket, settings: Settings, beside: Beside) -> None:
    from openviber_app import openviber_app as roof  # noqa: PLC0415 - 2 s; the port comes first
    from openviber_app.gate.patience import PatientHttp  # noqa: PLC0415 - as above

    async with roof.board(settings) as application:
        config = uvicorn.Config(
            application,
            ws="websockets-sansio",
            http=PatientHttp,
            ws_max_size=MAX_MESSAGE_BYTES,
            ws_per_message_deflate=False,
            ws_ping_interval=PING_SECONDS,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = Server(config, beside)
        await server.serve(sockets=[taken])
        if server.failure is not None:
            raise server.failure


def serve(settings: Settings, beside: Beside) -> None:
    """Serve until a signal: nodes and viewers are then told 1012, the database is closed.

    Raises:
        OpenViberError: the board cannot start, or what runs beside it failed; see `listen`,
            `locked` and `use_prebuilt_frontend`.
    """
    with contextlib.closing(listen(settings.host, settings.port)) as taken, locked(settings.data):
        use_prebuilt_frontend(ROOT)
        uvloop.run(_serve_on(taken, settings, beside))
