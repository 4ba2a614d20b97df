"""How fast a log goes from the node to the board's database, and how soon it is acked there."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from bench.figures import Row, Target, compare, held, percentile, percentiles
from bench.stack import Stack
from bench.waiting import wait_for
from tests.support.machine import Machine

CHUNK = 1024
FLAT_CHUNKS = 80_000
FLAT_TIMES = 3
PACED_CHUNKS, PACED_RATE = 8_000, 1_000
PRINTED_LINES = 60_000
QUIET = "sleep 600"


def measure_relay(stack: Stack, node: Machine) -> list[Row]:
    """Append to the log of real runs whose script is silent, and let a script print flat out."""
    environment, binding_id = stack.ready(node)
    alone: list[float] = []
    printed: list[float] = []
    for _ in range(FLAT_TIMES):
        alone.append(_flat_out(stack, node, environment, binding_id))
        printed.append(_printed(stack, environment, binding_id))
    goal = Target(40_000, "chunks/s", at_least=True)
    return [
        held("relay alone, flat out: appended to stored and acked, 1 KiB", alone, goal),
        held("process output to stored, flat out, lines of 1 KiB", printed, goal),
    ]


def measure_latency(stack: Stack, node: Machine) -> list[Row]:
    """Append 1 KiB a thousand times a second; the tap sees when each chunk is acked."""
    environment, _ = stack.ready(node)
    run_id = _quiet_run(stack, node, environment)
    start = _size(node, run_id)
    stack.tap.acks.clear()
    times = _append(node, run_id, PACED_CHUNKS, PACED_RATE)
    end = start + PACED_CHUNKS * CHUNK
    name = f"log/{run_id}".encode()
    acks = wait_for(
        lambda: (
            [(p, t) for s, p, t in list(stack.tap.acks) if s == name]
            if any(p >= end for _, p, _ in list(stack.tap.acks))
            else None
        ),
        what="the last ack",
    )
    _end(stack, node, run_id)
    late = _latencies(times[:PACED_CHUNKS], acks, start)
    pace = (PACED_CHUNKS - 1) / (times[PACED_CHUNKS - 1] - times[0])
    what = f"append to ack at {pace:,.0f}/s, 1 KiB"
    return [
        Row("the disk meanwhile: fdatasync of 12 kB", percentiles(_disk(stack.folder), "ms")),
        compare(
            what, percentiles(late, "ms"), percentile(late, 50), target=Target(1.5, "ms (p50)")
        ),
        Row("the same: acks that came", f"{len(acks):,}"),
    ]


def _disk(folder: Path) -> list[float]:
    """Time what every commit of the board waits for; other work on the disk makes it slow."""
    late: list[float] = []
    with (folder / "synced").open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 12_000)
            file.flush()
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            late.append((time.perf_counter() - start) * 1000)
    return late


def _latencies(times: list[float], acks: list[tuple[int, float]], start: int) -> list[float]:
    """Give, for each chunk, the milliseconds until the first ack that covers it."""
    late: list[float] = []
    at = 0
    for number, appended in enumerate(times, 1):
        while acks[at][0] < start + number * CHUNK:
            at += 1
        late.append((acks[at][1] - appended) * 1000)
    return late


def _flat_out(stack: Stack, node: Machine, environment: dict, binding_id: str) -> float:
    stack.wait_for_spare(binding_id)
    run_id = _quiet_run(stack, node, environment)
    start = _size(node, run_id)
    end = start + FLAT_CHUNKS * CHUNK
    began = _append(node, run_id, FLAT_CHUNKS, 0)[0]
    wait_for(lambda: _stored(stack, run_id) >= end, what="the last byte")
    seconds = time.monotonic() - began
    _end(stack, node, run_id)
    return FLAT_CHUNKS / seconds


def _printed(stack: Stack, environment: dict, binding_id: str) -> float:
    """From the script's first line (its own clock) to the whole log, checked and complete."""
    stack.wait_for_spare(binding_id)
    script = f"echo start $EPOCHREALTIME; yes {'y' * (CHUNK - 1)} | head -n {PRINTED_LINES}"
    thread = stack.rest.thread(environment)
    run_id = stack.rest.run_of(thread, stack.rest.say(thread, script))["id"]
    wait_for(
        lambda: _stored(stack, run_id) >= PRINTED_LINES * CHUNK, what="the last line", every=0.005
    )
    ended = time.time()
    stack.rest.finished(run_id)
    began = float(stack.rest.log("runs", run_id).split(b"\n")[0].split()[1])
    return PRINTED_LINES / (ended - began)


def _quiet_run(stack: Stack, node: Machine, environment: dict) -> str:
    thread = stack.rest.thread(environment)
    run_id = stack.rest.run_of(thread, stack.rest.say(thread, QUIET))["id"]
    stack.rest.run_status(run_id, "running")
    return run_id


def _append(node: Machine, run_id: str, count: int, rate: float) -> list[float]:
    words = [sys.executable, "-m", "bench.writer", str(node.home), run_id]
    words += [str(count), str(CHUNK), str(rate)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _size(node: Machine, run_id: str) -> int:
    log = node.attempt(run_id) / "log"
    return log.stat().st_size if log.exists() else 0


def _stored(stack: Stack, run_id: str) -> int:
    """Ask the board's own database how far a log is committed."""
    file = Path(stack.folder / "data" / "board.sqlite3")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        found = db.execute(
            "SELECT next FROM stream_cursors WHERE stream = ?", (f"log/{run_id}",)
        ).fetchone()
    db.close()
    return found[0] if found else 0


def _end(stack: Stack, node: Machine, run_id: str) -> None:
    """Kill the runner: the daemon then tells the end, with the figures of what we appended."""
    os.kill(node.runner_pid(run_id), signal.SIGKILL)
    ended = stack.rest.finished(run_id)
    if not ended["log"]["complete"]:
        raise RuntimeError(f"the log of {run_id} is not complete: {ended}")
