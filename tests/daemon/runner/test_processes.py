"""Finding the processes of an execution in /proc."""

import os
import subprocess
import sys
from uuid import uuid4

from openviber_daemon.runner.processes import (
    MARK_VARIABLE,
    Family,
    find_process,
    find_start_time,
    is_alive,
    is_subreaper,
    list_descendants,
    list_marked,
)
from tests.support.processes import wait_until


def start(argv: list[str], mark: str = "") -> subprocess.Popen[bytes]:
    env = {"PATH": os.defpath, MARK_VARIABLE: mark}
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, start_new_session=True)


def test_a_process_is_known_by_its_pid_and_its_start_time() -> None:
    with start(["sleep", "600"]) as sleep:
        started = find_start_time(sleep.pid)
        assert started is not None
        assert is_alive(sleep.pid, start_time=started)
        assert not is_alive(sleep.pid, start_time=started + 1)
        sleep.kill()
        sleep.wait()
        assert not is_alive(sleep.pid, start_time=started)


def test_a_name_with_spaces_and_brackets_is_read_right(tmp_path) -> None:
    odd = tmp_path / "a) Z (b"
    odd.symlink_to("/bin/sleep")
    with start([str(odd), "600"]) as sleep:
        process = find_process(sleep.pid)
        sleep.kill()

    assert process is not None
    assert process.parent == os.getpid()
    assert not process.is_zombie


def test_a_process_that_is_not_there_is_none() -> None:
    assert find_process(2**22 + 1) is None
    assert find_start_time(2**22 + 1) is None


def test_descendants_are_found_over_generations_and_sessions() -> None:
    tree = "setsid sleep 600 & bash -c 'sleep 600 & wait' & wait"
    with start(["bash", "-c", tree]) as bash:
        found = wait_until(
            lambda: three if len(three := list_descendants([bash.pid])) >= 3 else None,
            what="three descendants",
        )
        for process in found:
            os.kill(process.pid, 9)
        bash.kill()


def test_a_process_that_left_its_parent_is_found_by_the_mark_alone() -> None:
    mark = str(uuid4())
    with start(["bash", "-c", "(setsid nohup sleep 600 >/dev/null 2>&1 &)"], mark) as bash:
        bash.wait()
    found = wait_until(lambda: list_marked(mark), what="the orphan")

    assert [process.parent for process in found] != [os.getpid()]
    assert list_descendants([bash.pid]) == []
    for process in found:
        os.kill(process.pid, 9)


def test_a_mark_is_compared_whole() -> None:
    mark = str(uuid4())
    with start(["sleep", "600"], mark + "-and-more") as sleep:
        wait_until(lambda: list_marked(mark + "-and-more"), what="the process")
        assert list_marked(mark) == []
        sleep.kill()


def test_a_family_spares_who_was_there_before_and_never_counts_this_process() -> None:
    with start(["sleep", "600"]) as before:
        family = Family(roots=(os.getpid(),)).sparing_present()
        with start(["sleep", "600"]) as after:
            members = [process.pid for process in family.list_members()]
            after.kill()
        before.kill()

    assert after.pid in members
    assert before.pid not in members
    assert os.getpid() not in members


def test_a_subreaper_adopts_its_orphans() -> None:
    program = """
import subprocess, os
from openviber_daemon.runner.processes import become_subreaper, is_subreaper, list_descendants
assert not is_subreaper()
become_subreaper()
assert is_subreaper()
subprocess.run(["bash", "-c", "(setsid sleep 600 >/dev/null 2>&1 &)"], check=True)
orphans = list_descendants([os.getpid()])
assert [process.parent for process in orphans] == [os.getpid()], orphans
for process in orphans:
    os.kill(process.pid, 9)
    os.waitpid(process.pid, 0)
"""
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
    assert not is_subreaper()
