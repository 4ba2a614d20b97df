import signal
from pathlib import Path

import pytest

from openviber_protocol.closing import CloseReason
from tests.support.fake_hub import dropping, fake_hub
from tests.support.node_process import hub_and_node, make_node, submit


async def test_a_restarted_hub_is_found_again(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        port = hub.port
        await hub.stop()
        await hub.start(port)
        await hub.until(lambda: hub.epoch == 2, f"another welcome: {node.output()}")


async def test_a_silent_hub_is_left_and_dialled_again(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        hub.to_node = dropping("node:heartbeat", "hub:ack")
        await hub.until(lambda: hub.epoch >= 2, "another connection")
        hub.to_node = lambda text: [text]
        assert "silent" in node.output()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (CloseReason.AUTH, "does not accept this node's credentials"),
        (CloseReason.REVOKED, "was removed or revoked on the board"),
        (CloseReason.SUPERSEDED, "another daemon has connected as this node"),
    ],
)
async def test_a_hub_that_does_not_want_the_node_ends_the_daemon(
    tmp_path: Path, reason: CloseReason, words: str
) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        hub.refuse_with = reason, "for a test"
        await hub.drop()
        await hub.until(lambda: len(hub.hellos) == 2, "another hello")
        assert await node.ended() == 78
        assert words in node.output()
        assert "for a test" in node.output()


async def test_what_runs_goes_on_when_the_board_ends_the_daemon(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit(f"echo here; sleep 1; touch {node.work}/done", folder=node.work)
        await hub.command(frame)
        await hub.until(lambda: b"here\n" in hub.log(frame.payload.run_id), "its output")
        await hub.hang_up(4409, "a newer one")
        assert await node.ended() == 78
        await hub.until((node.work / "done").exists, "the script's end")
        node.start()
        await hub.until(lambda: frame.payload.run_id in hub.settled, "the end of the run")


async def test_a_token_that_the_board_does_not_know_ends_the_daemon(tmp_path: Path) -> None:
    async with fake_hub() as hub:
        node = make_node(tmp_path, hub)
        hub.token = "ov_another"
        node.start()
        assert await node.ended() == 78
        assert "onboard --replace" in node.output()


async def test_a_hub_that_answers_for_another_board_gets_no_signature(tmp_path: Path) -> None:
    async with fake_hub() as hub:
        node = make_node(tmp_path, hub)
        hub.origin = "https://another.example"
        node.start()
        assert await node.ended() == 78
        assert "https://another.example" in node.output()
        assert not hub.hellos


async def test_a_board_that_is_away_is_waited_for(tmp_path: Path) -> None:
    async with fake_hub() as hub:
        node = make_node(tmp_path, hub)
        port = hub.port
        await hub.stop()
        node.start()
        await hub.until(lambda: "is the board running" in node.output(), "words about it")
        await hub.start(port)
        await hub.until(lambda: hub.epoch, "a welcome")
        assert node.end(signal.SIGINT) == 0


async def test_a_daemon_that_is_stopped_says_goodbye(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        assert node.process is not None
        node.process.terminate()
        assert await node.ended() == 0
        await hub.until(lambda: hub.closes, "its goodbye")
        assert hub.closes == [(1001, "the daemon stops")]
