"""A daemon as a real process on a home of its own, for tests."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from openviber_daemon.config import NodeConfig, save_config
from openviber_daemon.home import Home
from openviber_daemon.keys import NodeKeys, make_keys, save_keys
from openviber_protocol.frames import EnvironmentPrepare, ThreadStop, ThreadSubmit
from tests.support.fake_hub import FakeHub, fake_hub
from tests.support.waiting import fact


@dataclass
class NodeProcess:
    """`python -m openviber_daemon start`, started and killed at will."""

    home: Home
    keys: NodeKeys
    node_id: UUID
    work: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.home.root / "daemon.out").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "openviber_daemon", "start"],
                env={**os.environ, "OPENVIBER_HOME": str(self.home.root)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def end(self, number: signal.Signals = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.process = None
        return code

    async def ended(self) -> int:
        """Wait until the daemon has ended by itself; the hub goes on meanwhile."""
        process = self.process
        assert process is not None
        await fact(lambda: process.poll() is not None, f"the daemon's end: {self.output()}")
        self.process = None
        return process.returncode

    async def close(self) -> None:
        """Kill the daemon, and every runner that a failed test left behind."""
        if self.process is not None:
            self.end()
        for path in self.home.attempts.iterdir():
            state = self.state(UUID(path.name)) if not path.name.startswith(".") else None
            if state is not None:
                end_session(int(state["runnerPid"]))

    def output(self) -> str:
        return (self.home.root / "daemon.out").read_text("utf-8", "replace")

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run another command of the same program on the same home."""
        return subprocess.run(
            [sys.executable, "-m", "openviber_daemon", *arguments],
            env={**os.environ, "OPENVIBER_HOME": str(self.home.root)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def state(self, execution_id: UUID) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(
                (self.home.attempt(execution_id) / "state.json").read_bytes()
            )
        except FileNotFoundError:
            return None
        return found


def make_node(folder: Path, hub: FakeHub) -> NodeProcess:
    """Write a home that is onboarded to this hub."""
    home = Home(folder / "home")
    home.create()
    keys, node_id = make_keys(), uuid.uuid4()
    save_keys(home, keys)
    save_config(
        home,
        NodeConfig(
            board_url=hub.url,
            node_id=node_id,
            node_name="test-node",
            hub_key="",
            hub_key_id="none",
            auth_token=hub.token,
        ),
    )
    hub.signing_key = keys.signing_public
    work = folder / "work"
    work.mkdir()
    return NodeProcess(home=home, keys=keys, node_id=node_id, work=work)


@asynccontextmanager
async def hub_and_node(folder: Path) -> AsyncIterator[tuple[FakeHub, NodeProcess]]:
    """Run a hub with a connected daemon; afterwards neither is left, nor what the daemon began."""
    async with fake_hub() as hub:
        node = make_node(folder, hub)
        try:
            node.start()
            await hub.until(lambda: hub.epoch, f"a welcome; the daemon said: {node.output()}")
            yield hub, node
        finally:
            await node.close()


def end_session(pid: int) -> None:
    """Kill a runner that a failed test left behind, and its group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def submit(script: str, *, folder: Path, **changes: Any) -> ThreadSubmit:
    """Make the command of a run: a script in a folder of this machine."""
    environment_id, binding_id = uuid.uuid4(), uuid.uuid4()
    payload: dict[str, Any] = {
        "thread_id": uuid.uuid4(),
        "environment_id": environment_id,
        "binding_id": binding_id,
        "run_id": uuid.uuid4(),
        "text": script,
        "branch": "viber/test-000000",
        "strategy": "existing_path",
        "existing_path": str(folder),
        "spec": {
            "environment_id": environment_id,
            "owner_id": uuid.uuid4(),
            "name": "test",
            "type": "local",
            "local_path": str(folder),
        },
        **changes,
    }
    return ThreadSubmit.model_validate(
        {
            "id": uuid.uuid4(),
            "ts": datetime.now(UTC),
            "command_id": uuid.uuid4(),
            "attempt": 1,
            "payload": payload,
        }
    )


def stop(frame: ThreadSubmit) -> ThreadStop:
    """Make the command that ends a run."""
    return ThreadStop.model_validate(
        {
            "id": uuid.uuid4(),
            "ts": datetime.now(UTC),
            "command_id": uuid.uuid4(),
            "attempt": 1,
            "payload": {"thread_id": frame.payload.thread_id, "run_id": frame.payload.run_id},
        }
    )


def prepare(script: str, folder: Path) -> EnvironmentPrepare:
    """Make the command of a prepare: a set-up script in a folder of this machine."""
    environment_id = uuid.uuid4()
    return EnvironmentPrepare.model_validate(
        {
            "id": uuid.uuid4(),
            "ts": datetime.now(UTC),
            "command_id": uuid.uuid4(),
            "attempt": 1,
            "payload": {
                "binding_id": uuid.uuid4(),
                "environment_id": environment_id,
                "prepare_id": uuid.uuid4(),
                "strategy": "existing_path",
                "existing_path": str(folder),
                "spec": {
                    "environment_id": environment_id,
                    "owner_id": uuid.uuid4(),
                    "name": "test",
                    "type": "local",
                    "local_path": str(folder),
                    "setup": {"mode": "manual", "script": script},
                },
            },
        }
    )
