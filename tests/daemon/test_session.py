import uuid
from pathlib import Path

from tests.support.node_process import hub_and_node, submit


async def test_a_frame_of_the_future_is_refused_and_nothing_ends(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, _):
        await hub.say(f'{{"v": 1, "id": "{uuid.uuid4()}", "type": "node:dance", "payload": {{}}}}')
        await hub.until(lambda: hub.refused, "a refusal")
        assert hub.refused[0].payload.type_name == "node:dance"
        assert hub.epoch == 1


async def test_what_is_no_frame_ends_the_connection_and_loses_nothing(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit("for i in 1 2 3; do echo line $i; sleep 0.3; done", folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: b"line 1\n" in hub.log(run_id), "some output")
        await hub.say("{nonsense")
        await hub.until(lambda: 4400 in [code for code, _ in hub.closes], "a close")
        await hub.until(lambda: run_id in hub.settled, "the end")
        assert b"line 1\nline 2\nline 3\n" in hub.log(run_id)


async def test_a_hub_that_commits_nothing_keeps_everything_on_the_node(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        hub.commits = False
        frame = submit("echo hello", folder=node.work)
        await hub.command(frame)
        await hub.until(lambda: hub.final(frame.payload.run_id), "the end")
        assert node.home.attempt(frame.payload.run_id).exists()
        hub.commits = True
        await hub.drop()
        await hub.until(lambda: frame.payload.run_id in hub.settled, "the end, committed")
