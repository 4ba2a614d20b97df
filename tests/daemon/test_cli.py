import asyncio
import json
from pathlib import Path

from openviber_daemon.cli import make_parser
from openviber_daemon.version import VERSION
from tests.support.fake_hub import fake_hub
from tests.support.node_process import hub_and_node, make_node


async def test_every_command_says_what_is_missing_before_onboarding(tmp_path: Path) -> None:
    async with fake_hub() as hub:
        node = make_node(tmp_path, hub)
        node.home.config_file.unlink()
        for command in (["start"], ["status"], ["service", "install"]):
            done = node.run(*command)
            assert done.returncode == 1
            assert "openviber onboard --token" in done.stderr
            assert "Traceback" not in done.stderr
        assert node.run("--version").stdout == f"openviber {VERSION}\n"
        assert node.run("doctor").returncode == 1


async def test_a_second_daemon_on_one_home_is_refused(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (_, node):
        done = await asyncio.to_thread(node.run, "start")  # the hub has to go on meanwhile
        assert done.returncode == 1
        assert "already runs on" in done.stderr


async def test_status_tells_the_link(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        await hub.until(lambda: "connected" in node.home.status_file.read_text(), "the state")
        told = json.loads((await asyncio.to_thread(node.run, "status", "--json")).stdout)
        assert (told["is_running"], told["link"]) == (True, "connected")
        assert "test-node" in (await asyncio.to_thread(node.run, "status")).stdout
        node.end()
        stopped = node.run("status")
        assert (stopped.returncode, "not running" in stopped.stdout) == (1, True)


def test_the_program_has_the_commands_that_the_documents_name() -> None:
    help_text = make_parser().format_help()
    for command in ("onboard", "start", "status", "doctor", "service"):
        assert command in help_text
