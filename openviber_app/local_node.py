"""The node that `make run` starts on the board's own machine."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from pathlib import Path

from openviber_app.domain.errors import ConflictError, OpenViberError
from openviber_app.services import nodes, owners
from openviber_app.services.runtime import Runtime
from openviber_app.settings import Settings, node_environment

LOOK_SECONDS = 0.5
STOP_SECONDS = 10
RESTART_SECONDS = 5
# A board that is killed takes its node along, so that no daemon is left behind unseen; what the
# node runs goes on, and is taken up at the next start. 1 is PR_SET_PDEATHSIG.
WITH_THE_BOARD = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execv(sys.executable, [sys.executable, "-m", "openviber_daemon", *sys.argv[2:]])
"""
MAX_NAMES = 100


class LocalNodeError(OpenViberError):
    """The node of this machine cannot run; the board goes on without it."""


def say(line: str) -> None:
    """Tell the person at the console."""
    sys.stdout.write(f"node: {line}\n")
    sys.stdout.flush()


def local_address(settings: Settings) -> str:
    """Return how a program on this machine reaches the board."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared  # nosec B104
    host = everywhere.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{settings.port}"


@contextlib.asynccontextmanager
async def running(runtime: Runtime) -> AsyncIterator[None]:
    """Keep this machine's node running; it becomes the board's first owner's."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(_run(runtime))
        try:
            yield
        finally:
            task.cancel()


async def _run(runtime: Runtime) -> None:
    home = runtime.settings.data / "node"
    address = local_address(runtime.settings)
    try:
        if not (home / "config.json").exists():
            await _onboard(runtime, home=home, address=address)
        point_at(home, address)
        await _keep_running(home)
    except OpenViberError as error:
        say(f"{error}")


async def _onboard(runtime: Runtime, *, home: Path, address: str) -> None:
    owner = await owners.find_owner(runtime)
    if owner is None:
        say("this machine becomes your first node once you made your account")
    while owner is None:
        await asyncio.sleep(LOOK_SECONDS)
        owner = await owners.find_owner(runtime)
    host = socket.gethostname().partition(".")[0] or "this-machine"
    for number in range(1, MAX_NAMES):
        name = host if number == 1 else f"{host}-{number}"
        try:
            made = await nodes.make_token(runtime, owner, name=name)
        except ConflictError:
            continue
        arguments = ["onboard", "--token", "-", "--board", address, "--name", name]
        if not address.startswith(("http://127.", "http://localhost", "http://[::1]")):
            arguments.append("--allow-insecure")  # an address of this very machine
        process = await _start(home, *arguments, capture=True)
        output, _ = await process.communicate(made.token.encode() + b"\n")
        if process.returncode:
            raise LocalNodeError(f"could not be onboarded: {output.decode().strip()}")
        say(f"this machine is onboarded as {name}")
        return
    raise LocalNodeError(f"every name from {host} to {host}-{MAX_NAMES} is taken")


def point_at(home: Path, address: str) -> None:
    """Write the board's address of today into the node's configuration (PORT may have changed)."""
    file = home / "config.json"
    config = json.loads(file.read_text())
    if config.get("boardUrl") == address:
        return
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({**config, "boardUrl": address}, indent=2) + "\n")
    fresh.replace(file)


async def _start(home: Path, *arguments: str, capture: bool = False) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WITH_THE_BOARD, str(os.getpid())),
        *arguments,
        stdin=PIPE if capture else asyncio.subprocess.DEVNULL,
        stdout=PIPE if capture else None,
        stderr=STDOUT if capture else None,
        env=node_environment(home),
        start_new_session=True,  # Ctrl-C reaches the board, which stops the node in order
    )


async def _keep_running(home: Path) -> None:
    """Run the node until cancelled; only one that was killed is started again."""
    while True:
        process = await _start(home, "start")
        try:
            code = await process.wait()
        finally:
            await _stop(process)
        if code >= 0:
            raise LocalNodeError(
                f"it ended with code {code}; its last words are above and in {home}/logs. "
                f"Start the board again to start it, or remove {home} to onboard it anew"
            )
        say(f"it was killed (signal {-code}); it starts again in {RESTART_SECONDS} s")
        await asyncio.sleep(RESTART_SECONDS)


async def _stop(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
