"""F01, F02 and a killed runner: nothing runs twice, nothing is left, no log has a hole."""

import hashlib
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import Machine, wait_online
from tests.support.place import Making
from tests.support.processes import wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

COUNTING = """
echo started >> {marks}/starts
for n in $(seq 1 60); do echo "line $n"; sleep 0.05; done
echo done >> {marks}/ends
"""


def lines_of(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def assert_whole(rest: Rest, kind: str, execution: dict[str, Any]) -> bytes:
    """The stored log is what its writer said it was (L3)."""
    log = rest.log(kind, execution["id"])
    assert len(log) == execution["log"]["bytes"]
    assert hashlib.sha256(log).hexdigest() == execution["log"]["sha256"]
    return log


POINTS = ("fetch", "checkout", "script start", "script middle", "before the final status")


def wait_for_point(point: str, node: Machine, prepare_id: str, marks: Path) -> None:
    events, log = node.attempt(prepare_id) / "events", node.attempt(prepare_id) / "log"
    facts = {
        "fetch": lambda: events.exists() and b'"fetch"' in events.read_bytes(),
        "checkout": lambda: events.exists() and b'"checkout"' in events.read_bytes(),
        "script start": (marks / "starts").exists,
        "script middle": lambda: log.exists() and b"line 20\n" in log.read_bytes(),
        "before the final status": (marks / "ends").exists,
    }
    wait_until(lambda: facts[point]() or None, what=point)


@pytest.mark.parametrize("point", POINTS)
def test_f01_a_prepare_outlives_the_daemon_that_is_killed(
    point: str, node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    environment = make(COUNTING.format(marks=tmp_path))
    prepare_id = rest.map(environment, node.id)["id"]
    wait_for_point(point, node, prepare_id, tmp_path)
    node.kill()
    node.start()
    prepare = rest.prepared(prepare_id)
    assert prepare["status"] == "succeeded", prepare
    assert lines_of(tmp_path / "starts") == ["started"]
    assert lines_of(tmp_path / "ends") == ["done"]
    printed = [
        line
        for line in assert_whole(rest, "prepares", prepare).splitlines()
        if line[:5] == b"line "
    ]
    assert printed == [b"line %d" % n for n in range(1, 61)]


def test_f02_three_restarts_in_a_row_leave_one_end(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    environment = make(COUNTING.format(marks=tmp_path))
    prepare_id = rest.map(environment, node.id)["id"]
    wait_for_point("script start", node, prepare_id, tmp_path)
    for _ in range(3):
        node.kill()
        node.start()
        wait_online(rest, node)
    prepare = rest.prepared(prepare_id)
    assert prepare["status"] == "succeeded"
    assert lines_of(tmp_path / "starts") == ["started"]
    assert_whole(rest, "prepares", prepare)


def test_a_run_outlives_the_daemon_that_is_killed(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    environment = make("true")
    assert rest.prepared(rest.map(environment, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(environment)
    run = rest.run_of(thread, rest.say(thread, COUNTING.format(marks=tmp_path)))
    wait_until((tmp_path / "starts").exists, what="the run's start")
    node.kill()
    node.start()
    ended = rest.finished(run["id"])
    assert (ended["status"], ended["exitCode"]) == ("completed", 0)
    assert lines_of(tmp_path / "starts") == ["started"]
    assert_whole(rest, "runs", ended)


@pytest.mark.parametrize("kind", ["prepares", "runs"])
def test_a_killed_runner_ends_its_execution_as_interrupted(
    kind: str, node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    script = COUNTING.format(marks=tmp_path) + "\nsetsid sleep 600\n"
    if kind == "prepares":
        execution_id = rest.map(make(script), node.id)["id"]
    else:
        environment = make("true")
        rest.prepared(rest.map(environment, node.id)["id"])
        thread = rest.thread(environment)
        execution_id = rest.run_of(thread, rest.say(thread, script))["id"]
    wait_until((tmp_path / "starts").exists, what="the script's start")
    os.kill(node.runner_pid(execution_id), signal.SIGKILL)
    if kind == "prepares":
        ended = rest.prepared(execution_id)
        assert (ended["status"], ended["reason"]) == ("interrupted", "interrupted")
    else:
        ended = rest.finished(execution_id)
        assert (ended["status"], ended["reason"]) == ("failed", "interrupted")
    assert_whole(rest, kind, ended)
    assert lines_of(tmp_path / "starts") == ["started"]
    wait_until(lambda: not node.leftovers() or None, what="the end of the orphans")


def test_a_runner_and_its_daemon_killed_together_end_as_interrupted(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    prepare_id = rest.map(make(COUNTING.format(marks=tmp_path)), node.id)["id"]
    wait_for_point("script middle", node, prepare_id, tmp_path)
    pid = node.runner_pid(prepare_id)
    node.kill()
    os.kill(pid, signal.SIGKILL)
    node.start()
    prepare = rest.prepared(prepare_id)
    assert (prepare["status"], prepare["reason"]) == ("interrupted", "interrupted")
    assert_whole(rest, "prepares", prepare)
    assert lines_of(tmp_path / "starts") == ["started"]
