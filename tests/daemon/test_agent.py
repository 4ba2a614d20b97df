import signal
from pathlib import Path

from tests.support.node_process import hub_and_node, submit
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
