"""How soon a run that ended while the board was dead shows how it really ended."""

import time

from bench.figures import Row, Target, held
from bench.stack import Stack
from bench.waiting import wait_for
from tests.support.machine import Machine

TIMES = 3


def measure_restart(stack: Stack, node: Machine) -> list[Row]:
    """Kill the board, let the run end, start the board: count from the node's new connection."""
    environment, binding_id = stack.ready(node)
    late: list[float] = []
    for n in range(TIMES):
        stack.wait_for_spare(binding_id)
        late.append(_once(stack, node, environment, marker=stack.folder / f"go-{n}"))
    what = "board killed while a run ends: the node's reconnect to the true status"
    return [held(what, late, Target(5, "s"))]


def _once(stack: Stack, node: Machine, environment: dict, *, marker) -> float:
    script = f"while [ ! -e '{marker}' ]; do sleep 0.02; done; echo over; exit 7"
    thread = stack.rest.thread(environment)
    run_id = stack.rest.run_of(thread, stack.rest.say(thread, script))["id"]
    stack.rest.run_status(run_id, "running")
    links = node.process.output().count("ready: connected")
    stack.board.kill()
    marker.touch()
    wait_for(lambda: not node.leftovers(run_id), what="the run's own end")
    stack.board.restart()
    wait_for(
        lambda: node.process.output().count("ready: connected") > links, what="the node's link"
    )
    began = time.monotonic()
    ended = wait_for(lambda: _ended(stack, run_id), what="the true status", every=0.005)
    if ended["exitCode"] != 7:
        raise RuntimeError(f"the run did not end as its process did: {ended}")
    return time.monotonic() - began


def _ended(stack: Stack, run_id: str) -> dict | None:
    found = stack.rest.get(f"/api/runs/{run_id}")
    return found if found["status"] == "failed" else None
