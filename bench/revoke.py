"""How soon a node that is revoked in the middle of its work has no socket any more."""

import time

from bench.figures import Row, Target, held, spread
from bench.stack import Stack
from bench.waiting import wait_for

TIMES = 7
REVOKED = 4403


def measure_revoke(stack: Stack) -> list[Row]:
    """Revoke a node by REST; a tap before its daemon sees the socket's end."""
    closed: list[float] = []
    gone: list[float] = []
    for _ in range(TIMES):
        late, later = _once(stack)
        closed.append(late)
        gone.append(later)
    what = "revoke of a node with a run under way: the request to its socket's end (4403)"
    return [
        held(what, closed, Target(1000, "ms")),
        Row("the same: its run is killed and the daemon has ended", spread(gone, "ms")),
    ]


def _once(stack: Stack) -> tuple[float, float]:
    node = stack.online(stack.node(f"revoked-{stack.number()}", board=stack.tap.url))
    environment, _ = stack.ready(node)
    thread = stack.rest.thread(environment)
    run_id = stack.rest.run_of(thread, stack.rest.say(thread, "sleep 600"))["id"]
    stack.rest.run_status(run_id, "running")
    ends, before = stack.tap.ends, len(stack.tap.ends)
    began = time.monotonic()
    stack.rest.post(f"/api/nodes/{node.id}/revoke")
    code, at = wait_for(lambda: ends[before] if ends[before:] else None, what="the socket's end")
    if code != REVOKED or at < began:
        raise RuntimeError(f"the socket ended with {code}, before it was revoked")
    wait_for(lambda: node.process.exit_code() is not None, what="the daemon's end")
    ended = time.monotonic()
    wait_for(lambda: not node.leftovers(run_id), what="the run's end")
    return (at - began) * 1000, (ended - began) * 1000
