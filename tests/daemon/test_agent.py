import signal
from pathlib import Path

from openviber_protocol.payloads import HubKeyLink
from tests.support.fake_hub import fake_hub
from tests.support.node_process import hub_and_node, make_node, submit
from tests.support.waiting import fact


async def test_a_daemon_says_hello_and_is_welcomed(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        hello = hub.hellos[0].payload
        assert hello.node_id == node.node_id
        assert hello.capabilities.cores > 0
        await hub.until(lambda: hub.heartbeats, "a heartbeat")


async def test_a_run_arrives_whole_and_its_folder_goes(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit("echo hello; echo world >&2; exit 3", folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: run_id in hub.settled, f"the end {node.output()}")
        final = hub.final(run_id)
        assert final is not None
        assert final["type"] == "thread:completed", final["payload"]
        assert (final["type"], final["payload"]["exitCode"]) == ("thread:completed", 3)
        assert b"hello\nworld\n" in hub.log(run_id)
        assert [reply.accepted for reply in hub.replies] == [True]
        await fact(lambda: not node.home.attempt(run_id).exists(), "the end of its folder")


async def test_a_signal_ends_the_daemon_with_success(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        assert node.end(signal.SIGTERM) == 0
        await hub.until(lambda: hub.closes, "a close")


async def test_a_board_whose_key_does_not_follow_from_the_pinned_one_is_left_for_good(
    tmp_path: Path,
) -> None:
    async with fake_hub() as hub:
        hub.keys = (HubKeyLink(old_key="b2xk", new_key="bmV3", signature="AwQF"),)
        node = make_node(tmp_path, hub)
        node.start()
        assert await node.ended() == 78
        assert "no reason to trust" in node.output()
        assert "onboard --replace" in node.output()
        assert not hub.hellos


async def test_a_revoked_daemon_stops_what_runs_and_says_why_when_asked(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit(f"touch {node.work}/up; sleep 300", folder=node.work)
        await hub.command(frame)
        await hub.until((node.work / "up").exists, "the script")
        await hub.hang_up(4403, "the node was revoked")
        assert await node.ended() == 78
        state = node.state(frame.payload.run_id)
        assert state is not None
        assert not Path(f"/proc/{state['runnerPid']}").exists()
        status = node.run("status")
        assert status.returncode == 1
        assert "removed or revoked on the board" in status.stdout
