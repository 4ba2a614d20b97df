"""Ending everything that a script left behind (faults F20 to F22)."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from openviber_daemon.runner.killing import Killing, kill_all, reap
from openviber_daemon.runner.processes import MARK_VARIABLE, Family, list_marked
from tests.support.processes import wait_until

ESCAPES = {
    "setsid": "(setsid sleep 600 >/dev/null 2>&1 &)",
    "nohup": "nohup sleep 600 >/dev/null 2>&1 &",
    "double fork": "(bash -c 'sleep 600 & sleep 600 &' >/dev/null 2>&1 &)",
    "ignores signals": "(setsid bash -c 'trap \"\" TERM INT HUP; while :; do sleep 600; done' &)",
    "stopped": "(setsid bash -c 'kill -STOP $$; sleep 600' >/dev/null 2>&1 &)",
}


@pytest.fixture
def mark() -> Iterator[str]:
    mark = str(uuid4())
    yield mark
    for process in list_marked(mark):
        os.kill(process.pid, 9)


def run_marked(script: str, mark: str) -> None:
    env = {"PATH": os.defpath, MARK_VARIABLE: mark}
    quiet = subprocess.DEVNULL
    subprocess.run(["bash", "-c", script], env=env, stdout=quiet, stderr=quiet, check=True)


@pytest.mark.parametrize("way", ESCAPES)
def test_whoever_carries_the_mark_is_ended_however_it_escaped(way: str, mark: str) -> None:
    run_marked(ESCAPES[way], mark)
    wait_until(lambda: list_marked(mark), what="the escaped process")

    assert kill_all(mark=mark, grace_seconds=0.3) == []
    assert [process for process in list_marked(mark) if not process.is_zombie] == []


def test_a_polite_process_gets_the_time_to_clean_up(mark: str, tmp_path) -> None:
    done = tmp_path / "done"
    ready = tmp_path / "ready"
    script = f'(setsid bash -c \'trap "sleep 0.3; touch {done}; exit" TERM; touch {ready}; '
    run_marked(script + "while :; do sleep 0.05; done' &)", mark)
    wait_until(ready.exists, what="the trap")

    assert kill_all(mark=mark, grace_seconds=30) == []
    assert done.exists()


def test_a_family_without_members_is_over_at_once(mark: str) -> None:
    assert Killing(Family(mark=mark)).step()


def test_processes_that_multiply_while_they_are_ended_are_ended_too(mark: str) -> None:
    run_marked(
        "(setsid bash -c 'trap \"\" TERM; for i in {1..400}; do sleep 600 & sleep 0.01; done' &)",
        mark,
    )
    wait_until(lambda: len(list_marked(mark)) > 3, what="a crowd")

    assert kill_all(mark=mark, grace_seconds=0.2) == []
    assert [process for process in list_marked(mark) if not process.is_zombie] == []


def test_a_subreaper_collects_the_zombies_of_its_tree() -> None:
    program = """
import os, subprocess
from openviber_daemon.runner.killing import kill_all
from openviber_daemon.runner.processes import become_subreaper, list_descendants
become_subreaper()
subprocess.run(["bash", "-c", "(sleep 600 & sleep 600 & setsid sleep 600 &) >/dev/null 2>&1"])
assert len(list_descendants([os.getpid()])) == 3
assert kill_all(mark="nobody", roots=(os.getpid(),)) == []
assert list_descendants([os.getpid()]) == []
"""
    subprocess.run([sys.executable, "-I", "-c", program], check=True)


def test_collecting_a_child_that_is_not_ours_does_nothing() -> None:
    reap(1)


def test_it_works_in_a_thread_as_the_daemon_calls_it(mark: str) -> None:
    run_marked(ESCAPES["setsid"], mark)
    wait_until(lambda: list_marked(mark), what="the escaped process")
    survivors: list[object] = ["not yet"]
    thread = threading.Thread(
        target=lambda: survivors.__setitem__(slice(None), kill_all(mark=mark))
    )

    thread.start()
    thread.join()

    assert survivors == []
    assert time.monotonic() > 0
