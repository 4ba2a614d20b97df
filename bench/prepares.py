"""What a prepare costs: one that changes nothing, and the first one beside a plain clone."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from bench.figures import Row, Target, held, spread
from bench.stack import Stack
from bench.waiting import wait_for
from tests.support.machine import Machine
from tests.support.rest import FINAL_PREPARE

UNCHANGED = 9
COLD = 4
SCRIPT = "git ls-files -z | xargs -0 sha256sum > sums.txt && wc -l sums.txt"


def measure_unchanged(stack: Stack, node: Machine) -> list[Row]:
    """Prepare again what nothing changed of; the remote check is the phase `fetch`."""
    _, binding_id = stack.ready(node)
    whole: list[float] = []
    without: list[float] = []
    phases: list[float] = []
    for _ in range(UNCHANGED):
        time.sleep(0.3)
        start = time.monotonic()
        made = stack.rest.post(f"/api/bindings/{binding_id}/prepares", {})["prepare"]
        prepare = _ended(stack, made["id"])
        took = (time.monotonic() - start) * 1000
        by_name = {phase["name"]: phase["durationMs"] for phase in prepare["phases"]}
        if by_name["setup"] or prepare["status"] != "succeeded":
            raise RuntimeError(f"this prepare was no no-op: {prepare}")
        whole.append(took)
        without.append(took - by_name["fetch"])
        phases.append(sum(by_name.values()) - by_name["fetch"])
        stack.rest.prepared(made["id"])
    return [
        held("unchanged prepare through REST, less the remote check", without, Target(300, "ms")),
        Row("the same with it (a fetch from a git server on loopback)", spread(whole, "ms")),
        Row("the node's own phases of it, less the remote check", spread(phases, "ms")),
    ]


def measure_cold(stack: Stack, node: Machine) -> list[Row]:
    """Prepare a repository that the node has never seen; then clone its copy and run the script."""
    cold: list[float] = []
    plain: list[float] = []
    for number in range(COLD):
        names = [f"cold{number}{side}" for side in "ab"]
        for name in names:
            shutil.copytree(stack.git.path("sample"), stack.git.path(name))
        environment = stack.environment(SCRIPT, repo=names[0])
        start = time.monotonic()
        made = stack.rest.map(environment, node.id)
        prepare = _ended(stack, made["id"])
        cold.append((time.monotonic() - start) * 1000)
        if prepare["status"] != "succeeded":
            raise RuntimeError(f"the cold prepare failed: {prepare}")
        stack.rest.prepared(made["id"])
        time.sleep(0.5)
        plain.append(_clone(stack.git.url(names[1]), stack.folder / f"plain{number}"))
    return [
        Row(
            "cold prepare of a small repository (400 files, 2 MB), through REST", spread(cold, "ms")
        ),
        Row("beside it: `git clone` of its copy, then the same script", spread(plain, "ms")),
    ]


def _ended(stack: Stack, prepare_id: str) -> dict[str, Any]:
    def there() -> dict[str, Any] | None:
        found = stack.rest.get(f"/api/prepares/{prepare_id}")
        return found if found["status"] in FINAL_PREPARE else None

    return wait_for(there, what="the end of a prepare", every=0.005)


def _clone(url: str, folder: Path) -> float:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    start = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", url, folder], check=True, env=environment)
    subprocess.run(
        ["bash", "-c", SCRIPT], check=True, cwd=folder, env=environment, capture_output=True
    )
    return (time.monotonic() - start) * 1000
