import os
import signal
from pathlib import Path
from uuid import UUID

import pytest

from openviber_protocol.frames import EnvironmentPrepare, ThreadSubmit
from openviber_protocol.payloads import ErrorReason
from tests.support.fake_hub import FakeHub, Shuffle, dropping, twice
from tests.support.node_process import NodeProcess, hub_and_node, prepare, stop, submit
from tests.support.waiting import fact

COUNTING = "echo began >> {mark}; for i in $(seq 1 40); do echo line $i; sleep 0.05; done"
WHOLE = "".join(f"line {i}\n" for i in range(1, 41)).encode()


def counting(node: NodeProcess) -> str:
    return COUNTING.format(mark=node.work / "began")


def times_begun(node: NodeProcess) -> int:
    return (node.work / "began").read_text().count("began")


def order(
    kind: str, script: str, node: NodeProcess
) -> tuple[ThreadSubmit | EnvironmentPrepare, UUID]:
    """Make a command of either kind, and give the id of its execution."""
    if kind == "run":
        run = submit(script, folder=node.work)
        return run, run.payload.run_id
    preparing = prepare(script, node.work)
    return preparing, preparing.payload.prepare_id


async def restart(hub: FakeHub, node: NodeProcess) -> None:
    welcomes = hub.epoch
    node.start()
    await hub.until(lambda: hub.epoch > welcomes, "another welcome")


@pytest.mark.parametrize("moment", ["at once", "after the reply", "in the middle", "near the end"])
@pytest.mark.parametrize("kind", ["run", "prepare"])
async def test_a_killed_daemon_takes_its_executions_up_again(
    tmp_path: Path, moment: str, kind: str
) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        script = counting(node)
        frame, execution_id = order(kind, script, node)
        await hub.command(frame)
        match moment:
            case "at once":
                await fact(lambda: node.home.attempt(execution_id).exists(), "the folder")
            case "after the reply":
                await hub.until(lambda: hub.replies, "a reply")
            case "in the middle":
                await hub.until(lambda: b"line 20\n" in hub.log(execution_id), "half of it")
            case _:
                await hub.until(lambda: b"line 39\n" in hub.log(execution_id), "nearly all")
        node.end(signal.SIGKILL)
        await restart(hub, node)
        await hub.until(lambda: execution_id in hub.settled, "the end")
        final = hub.final(execution_id)
        assert final is not None
        assert final["payload"].get("reason") is None, final["payload"]
        assert WHOLE in hub.log(execution_id)
        assert times_begun(node) == 1
        assert hub.hellos[0].payload.boot_id != hub.hellos[-1].payload.boot_id
        assert len(hub.replies_to(frame.command_id)) >= 1
        assert all(reply.accepted for reply in hub.replies)


async def test_three_kills_in_a_row_change_nothing(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit(counting(node), folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        for line in (5, 12, 20):
            await hub.until(lambda line=line: f"line {line}\n".encode() in hub.log(run_id), "more")
            node.end(signal.SIGKILL)
            await restart(hub, node)
        await hub.until(lambda: run_id in hub.settled, "the end")
        assert WHOLE in hub.log(run_id)
        assert times_begun(node) == 1
        assert len({hello.payload.boot_id for hello in hub.hellos}) == 4


@pytest.mark.parametrize("is_daemon_there", [True, False], ids=["daemon up", "daemon down"])
@pytest.mark.parametrize("kind", ["run", "prepare"])
async def test_a_killed_runner_is_interrupted_and_leaves_nothing(
    tmp_path: Path, kind: str, is_daemon_there: bool
) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        script = f"(setsid sleep 300 & echo $! > {node.work}/child); " + counting(node)
        frame, execution_id = order(kind, script, node)
        await hub.command(frame)
        await hub.until(lambda: b"line 5\n" in hub.log(execution_id), "some output")
        if not is_daemon_there:
            node.end(signal.SIGKILL)
        state = node.state(execution_id)
        assert state is not None
        os.kill(state["runnerPid"], signal.SIGKILL)
        if not is_daemon_there:
            await restart(hub, node)
        await hub.until(lambda: execution_id in hub.settled, "the end")
        final = hub.final(execution_id)
        assert final is not None
        assert final["payload"]["reason"] == "interrupted"
        assert final["type"] == ("thread:error" if kind == "run" else "environment:status")
        assert times_begun(node) == 1
        child = int((node.work / "child").read_text())
        await fact(lambda: is_gone(child), "the end of its child")


async def test_a_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit(counting(node), folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: b"line 3\n" in hub.log(run_id), "some output")
        state = node.state(run_id)
        assert state is not None
        os.kill(state["runnerPid"], signal.SIGSTOP)
        with (node.home.attempt(run_id) / "events").open("ab") as events:
            events.write(b'{"type": "thread:prog')
        os.kill(state["runnerPid"], signal.SIGKILL)
        await hub.until(lambda: run_id in hub.settled, "the end")
        final = hub.final(run_id)
        assert final is not None
        assert final["payload"]["reason"] == "interrupted"


async def test_every_command_twice_does_everything_once(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        hub.to_node = twice
        frame = submit(counting(node), folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.command(frame)
        await hub.until(lambda: run_id in hub.settled, "the end")
        await hub.command(frame)
        await hub.until(lambda: len(hub.replies_to(frame.command_id)) >= 5, "all replies")
        assert {reply.accepted for reply in hub.replies} == {True}
        assert times_begun(node) == 1
        assert hub.log(run_id).count(b"line 7\n") == 1


async def test_frames_in_another_order_give_the_same_text(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        shuffle = Shuffle(window=3)
        hub.from_node = shuffle
        frame = submit(counting(node), folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: run_id in hub.settled, "the end")
        assert shuffle.turned > 0
        assert WHOLE in hub.log(run_id)


async def test_lost_acks_lose_nothing(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        hub.to_node = dropping("hub:ack")
        frame = submit(counting(node), folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: hub.final(run_id) is not None, "the end")
        assert node.home.attempt(run_id).exists()
        hub.to_node = lambda text: [text]
        await fact(lambda: not node.home.attempt(run_id).exists(), "the folder's end")
        assert WHOLE in hub.log(run_id)


async def test_a_lying_ack_deletes_nothing(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit(counting(node), folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: b"line 3\n" in hub.log(run_id), "some output")
        before = hub.epoch
        await hub.lie(f"log/{run_id}", position=10**9, is_settled=True)
        await hub.until(lambda: 4400 in [code for code, _ in hub.closes], "a close for it")
        assert node.home.attempt(run_id).exists()
        await hub.until(lambda: run_id in hub.settled, "the end")
        assert hub.epoch > before
        assert WHOLE in hub.log(run_id)


async def test_a_stop_ends_a_run_with_its_reason(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit("echo here; sleep 300", folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: b"here\n" in hub.log(run_id), "its output")
        await hub.command(stop(frame))
        await hub.until(lambda: run_id in hub.settled, "the end")
        final = hub.final(run_id)
        assert final is not None
        assert final["payload"]["reason"] == "stopped"


async def test_a_stop_that_overtakes_its_run_still_stops_it(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit(counting(node), folder=node.work)
        halt = stop(frame)
        await hub.command(halt)
        await hub.until(lambda: hub.replies_to(halt.command_id), "a reply")
        await hub.command(frame)
        await hub.until(lambda: frame.payload.run_id in hub.settled, "the end")
        final = hub.final(frame.payload.run_id)
        assert final is not None
        assert final["payload"]["reason"] == "stopped"
        assert not (node.work / "began").exists()


async def test_a_stop_after_the_end_is_accepted(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit("true", folder=node.work)
        await hub.command(frame)
        await hub.until(lambda: frame.payload.run_id in hub.settled, "the end")
        halt = stop(frame)
        await hub.command(halt)
        await hub.until(lambda: hub.replies_to(halt.command_id), "a reply")
        assert hub.replies_to(halt.command_id)[0].accepted


async def test_a_superseded_run_is_ended_when_the_node_returns(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit("echo here; sleep 300", folder=node.work)
        run_id = frame.payload.run_id
        await hub.command(frame)
        await hub.until(lambda: b"here\n" in hub.log(run_id), "its output")
        hub.superseded = (run_id,)
        await hub.drop()
        await hub.until(lambda: run_id in hub.settled, "the end")
        final = hub.final(run_id)
        assert final is not None
        assert final["payload"]["reason"] == ErrorReason.LOST


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"
