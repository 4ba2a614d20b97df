"""F10 to F14: a wire that duplicates, reorders, loses acks, or lies."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_node_killed import assert_whole, lines_of
from tests.support.board_process import BoardProcess, board_process
from tests.support.git_server import GitServer
from tests.support.machine import Machine
from tests.support.processes import free_port, wait_until
from tests.support.rest import Rest
from tests.support.ws_proxy import Proxy, Shuffle, proxying, twice, without

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SCRIPT = "echo once >> {marks}/starts; for n in $(seq 1 400); do echo line $n; sleep 0.005; done"
LINES = [b"line %d" % n for n in range(1, 401)]


@pytest.fixture(scope="module")
def outside() -> int:
    """The port that nodes know: the proxy's, and so the board's public address."""
    return free_port()


@pytest.fixture(scope="module")
def board(
    tmp_path_factory: pytest.TempPathFactory, git: GitServer, outside: int
) -> Iterator[BoardProcess]:
    settings = {
        "OPENVIBER_GIT_HOSTS": git.host,
        "PUBLIC_URL": f"http://127.0.0.1:{outside}",
    }
    with board_process(tmp_path_factory.mktemp("board"), settings=settings) as started:
        yield started


@pytest.fixture
async def proxy(board: BoardProcess, outside: int) -> AsyncIterator[Proxy]:
    async with proxying(board.url, port=outside) as standing:
        yield standing


async def aside(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The proxy lives on this loop, so everything that waits does it in a thread."""
    return await asyncio.to_thread(work, *args, **kwargs)


@pytest.fixture
async def far(proxy: Proxy, tmp_path: Path, rest: Rest) -> AsyncIterator[Machine]:
    """A node that knows the board only by the proxy's address."""
    node = Machine(tmp_path)
    await aside(node.onboard, rest, board=proxy.url)
    node.start()
    try:
        yield node
        await aside(wait_until, lambda: not node.leftovers() or None, what="no process left behind")
    finally:
        await aside(node.end)


async def prepare_through(rest: Rest, git: GitServer, node: Machine, marks: Path) -> dict[str, Any]:
    environment = await aside(
        rest.environment,
        f"wire-{marks.name}",
        repoUrl=git.url("sample"),
        setupMode="manual",
        setupScript=SCRIPT.format(marks=marks),
    )
    made = await aside(rest.map, environment, node.id)
    prepare = await aside(rest.prepared, made["id"])
    log = await aside(assert_whole, rest, "prepares", prepare)
    assert prepare["status"] == "succeeded"
    assert [line for line in log.splitlines() if line.startswith(b"line ")] == LINES
    assert lines_of(marks / "starts") == ["once"]
    return prepare


async def test_f10_every_command_twice_is_carried_out_once(
    proxy: Proxy, far: Machine, rest: Rest, git: GitServer, tmp_path: Path
) -> None:
    proxy.to_node = twice
    await prepare_through(rest, git, far, tmp_path)
    assert proxy.counts["to_hub", "node:ack"] >= 2


async def test_f11_every_frame_of_the_node_twice_is_stored_once(
    proxy: Proxy, far: Machine, rest: Rest, git: GitServer, tmp_path: Path
) -> None:
    proxy.to_hub = twice
    prepare = await prepare_through(rest, git, far, tmp_path)
    names = [phase["name"] for phase in prepare["phases"]]
    assert len(names) == len(set(names))


async def test_f12_reordered_frames_end_in_the_same_text(
    proxy: Proxy, far: Machine, rest: Rest, git: GitServer, tmp_path: Path
) -> None:
    shuffle = Shuffle(window=5)
    proxy.to_hub = shuffle
    await prepare_through(rest, git, far, tmp_path)
    assert shuffle.turned > 0


async def test_f13_lost_acks_delay_but_lose_nothing(
    proxy: Proxy, far: Machine, rest: Rest, git: GitServer, tmp_path: Path
) -> None:
    proxy.to_node = without("hub:ack")

    def restore() -> bool:
        return proxy.counts.get(("to_node", "hub:ack"), 0) >= 3

    work = asyncio.ensure_future(prepare_through(rest, git, far, tmp_path))
    await aside(wait_until, lambda: restore() or None, what="acks to be lost")
    proxy.to_node = lambda frames: frames
    await work


async def test_f14_a_hub_that_acks_what_was_never_sent_makes_the_node_hang_up_and_keep_all(
    proxy: Proxy, far: Machine, rest: Rest, git: GitServer, tmp_path: Path
) -> None:
    lies = 0

    def lie(frames: list[str]) -> list[str]:
        nonlocal lies
        out: list[str] = []
        for frame in frames:
            told = json.loads(frame)
            if told["type"] == "hub:ack" and lies < 2:
                lies += 1
                for ack in told["payload"]["acks"]:
                    ack["next"] += 10**9
            out.append(json.dumps(told))
        return out

    proxy.to_node = lie
    await prepare_through(rest, git, far, tmp_path)
    assert lies == 2
    assert proxy.links >= 3
