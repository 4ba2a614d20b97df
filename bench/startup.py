"""How long board and daemon take to start, and what they hold when idle."""

import time
import urllib.error
import urllib.request

from bench.figures import Row, Target, held
from bench.machine_facts import resident_megabytes
from bench.stack import Stack
from bench.waiting import wait_for
from tests.support.board_process import BoardProcess
from tests.support.machine import Machine

BOARD_STARTS = 4
NODE_STARTS = 7
IDLE_SECONDS = 3.0


def measure_board(stack: Stack) -> list[Row]:
    """Start a second board, the first time on an empty data folder."""
    board = BoardProcess(stack.folder / "started" / "data")
    seconds: list[float] = []
    memory: list[float] = []
    for _ in range(BOARD_STARTS):
        start = time.monotonic()
        board.start(wait=False)
        wait_for(lambda: _first_page(board.url), what="the first page", every=0.01)
        seconds.append(time.monotonic() - start)
        board.wait_until_ready()
        time.sleep(IDLE_SECONDS)
        memory.append(resident_megabytes(board.process.pid))
        board.stop()
    empty, *again = seconds
    limit, most = Target(4, "s"), Target(150, "MB")
    return [
        held("board: start to first page", again, limit),
        held("board: the same, empty data folder", [empty], limit),
        held("board: idle RSS", memory, most),
    ]


def _first_page(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/", timeout=30) as answer:
            return answer.status == 200 and b"<html" in answer.read()[:1000].lower()
    except (OSError, urllib.error.HTTPError):
        return False


def measure_daemon(stack: Stack) -> list[Row]:
    """Start a node that the board knows until it says `ready: connected`."""
    node = stack.node("started-node")
    seconds: list[float] = []
    memory: list[float] = []
    for _ in range(NODE_STARTS):
        start = time.monotonic()
        node.start()
        wait_for(lambda: _is_ready(node), what="the daemon's ready")
        seconds.append(time.monotonic() - start)
        time.sleep(IDLE_SECONDS / 2)
        memory.append(resident_megabytes(node.process.pid))
        node.stop()
    limit, most = Target(0.5, "s"), Target(60, "MB")
    return [
        held("daemon: start to `ready`", seconds, limit),
        held("daemon: idle RSS", memory, most),
    ]


def _is_ready(node: Machine) -> bool:
    return "ready: connected" in node.process.output()
