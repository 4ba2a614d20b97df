"""The routes that hand out the daemon; see test_install_script.py for what is done with them."""

import hashlib
from pathlib import Path

import pytest

from openviber_app.api import daemon
from openviber_app.services import daemon_wheel
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "daemon"
    made.mkdir()
    monkeypatch.setattr(daemon_wheel.find_wheel, "__defaults__", (made,))
    return made


async def test_what_is_handed_out_has_the_announced_hash(runtime: Runtime, folder: Path) -> None:
    (folder / "openviber_daemon-0.1.0-py3-none-any.whl").write_bytes(b"a wheel")
    (folder / "requirements.txt").write_bytes(b"pydantic==2.14.3")
    async with api_client(runtime, daemon.router) as client:
        said = (await client.get("/api/daemon")).json()
        assert said["version"] == "0.1.0"
        wheel = await client.get(said["wheel"])
        assert hashlib.sha256(wheel.content).hexdigest() == said["sha256"]
        requirements = await client.get(said["requirements"])
        digest = hashlib.sha256(requirements.content).hexdigest()
        assert digest == said["requirementsSha256"]
        other = await client.get("/api/daemon/openviber_daemon-9.9-py3-none-any.whl")
        assert other.status_code == 404


async def test_without_a_wheel_the_answer_says_what_to_do(
    runtime: Runtime, people: People, folder: Path
) -> None:
    assert people.alice
    assert not list(folder.iterdir())
    async with api_client(runtime, daemon.router) as client:
        answer = await client.get("/api/daemon")
        assert answer.status_code == 404
        assert "make run" in answer.json()["detail"]
        script = await client.get("/api/daemon/install.py")
        assert script.headers["content-type"].startswith("text/x-python")
        compile(script.text, "install.py", "exec")
