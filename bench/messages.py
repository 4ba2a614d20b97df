"""How soon a message's process prints its first line, and what the claim of a slot takes of it."""

import base64
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import ClientConnection, connect

from bench.figures import Row, Target, held, spread
from bench.stack import Stack
from openviber_daemon.workspace.claims import Claims
from tests.support.git_server import GitServer
from tests.support.machine import Machine
from tests.support.workspaces import Environment, prepare

MESSAGES = 7
CLAIMS = 7
FIRST_LINE = "echo printed $EPOCHREALTIME"


def measure_messages(stack: Stack, node: Machine) -> list[Row]:
    """Say something in new threads, each with a spare slot waiting for it."""
    environment, binding_id = stack.ready(node)
    printed: list[float] = []
    seen: list[float] = []
    again: list[float] = []
    for _ in range(MESSAGES):
        stack.wait_for_spare(binding_id)
        time.sleep(0.5)  # the spare's own runner ends, the board settles it
        thread = stack.rest.thread(environment)
        first = _say(stack, thread["id"])
        printed.append(first[0])
        seen.append(first[1])
        stack.wait_for_spare(binding_id)
        time.sleep(0.5)
        again.append(_say(stack, thread["id"])[1])
    goal = Target(250, "ms")
    return [
        held("message sent to first output, spare slot: its viewer has it", seen, goal),
        Row("the same: the process prints it", spread(printed, "ms")),
        Row("the same, a thread's next message (it has its slot)", spread(again, "ms")),
    ]


def _say(stack: Stack, thread_id: str) -> tuple[float, float]:
    """Send a message; give the milliseconds until it prints, and until a viewer has that."""
    with _viewer(stack) as viewer:
        viewer.send(json.dumps({"sub": f"timeline:{thread_id}"}))
        viewer.send(json.dumps({"sub": "user"}))
        next(entry for entry in _entries(viewer) if entry[0] == "user")  # it follows both now
        return _first_output(stack, viewer, thread_id)


def _first_output(stack: Stack, viewer: ClientConnection, thread_id: str) -> tuple[float, float]:
    known = {r["id"] for r in stack.rest.get(f"/api/threads/{thread_id}/timeline")["runs"]}
    sent = time.time()
    stack.rest.post(f"/api/threads/{thread_id}/messages", {"text": FIRST_LINE})
    text = b""
    run_id = ""
    for topic, _, event in _entries(viewer):
        if event["t"] == "run" and not run_id and event["run"]["id"] not in known:
            run_id = event["run"]["id"]
            viewer.send(json.dumps({"sub": f"log:{run_id}"}))
        if topic == f"log:{run_id}" and event["t"] == "log":
            text += base64.b64decode(event["d"])
            if b"printed" in text and text.endswith(b"\n"):
                break
    seen = time.time()
    stack.rest.finished(run_id)
    line = next(line for line in text.splitlines() if line.startswith(b"printed"))
    return (float(line.split()[1]) - sent) * 1000, (seen - sent) * 1000


@contextmanager
def _viewer(stack: Stack) -> Iterator[ClientConnection]:
    with connect(
        stack.board.url.replace("http", "ws") + "/api/live",
        additional_headers={"Authorization": f"Bearer {stack.rest.token}"},
        compression=None,
        proxy=None,
    ) as viewer:
        yield viewer


def _entries(viewer: ClientConnection) -> Iterator[tuple[str, int, dict]]:
    while True:
        yield from json.loads(viewer.recv(timeout=60))


def measure_claims(folder: Path) -> list[Row]:
    """Claim ready slots of a real repository, in this process: the part of it that git takes."""
    with GitServer(folder / "claims-git") as git:
        git.create_repo("demo", {f"src/{n}.txt": f"{n}\n" * 50 for n in range(400)})
        home = folder / "claims-home"
        home.mkdir(mode=0o700)
        (home / "attempts").mkdir()
        place = Environment(home, repo_url=git.url("demo"), allowed_hosts=(git.host,))
        prepare(place)
        took: list[float] = []
        while len(took) < CLAIMS:
            took.append(_claim(place))
            prepare(place, kind="spare")
    return [held("slot claim", took, Target(100, "ms"))]


def _claim(place: Environment) -> float:
    thread_id = str(uuid.uuid4())
    with place.execution(place.submit(thread_id=thread_id)) as execution:
        start = time.perf_counter()
        with Claims(execution).claim() as workspace:
            took = time.perf_counter() - start
            if workspace.needs_setup:
                raise RuntimeError("the slot claimed was not a spare one")
    return took * 1000
