import asyncio
import socket
import uuid
from pathlib import Path
from uuid import UUID

from openviber_daemon.doorbell import doorbell
from openviber_daemon.runner.doorbell import Doorbell
from tests.support.waiting import fact


async def test_a_runners_ring_is_heard_in_a_deep_home(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 120)
    home.mkdir()
    heard: list[UUID] = []
    execution_id = uuid.uuid4()
    with doorbell(home / "doorbell.sock", rung=heard.append):
        runner = Doorbell(home, str(execution_id))
        runner.ring()
        await fact(lambda: heard, "a ring")
        runner.close()
    assert heard == [execution_id]
    assert not (home / "doorbell.sock").exists()


async def test_many_rings_are_one_and_noise_is_none(tmp_path: Path) -> None:
    heard: list[UUID] = []
    execution_id = uuid.uuid4()
    (tmp_path / "doorbell.sock").touch()  # as a killed daemon leaves it
    with (
        doorbell(tmp_path / "doorbell.sock", rung=heard.append),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ringer,
    ):
        ringer.setblocking(False)
        for message in (b"noise", b"\xff", *[str(execution_id).encode()] * 8):
            ringer.sendto(message, str(tmp_path / "doorbell.sock"))
        await fact(lambda: heard, "a ring")
        await asyncio.sleep(0)
    assert heard == [execution_id]
