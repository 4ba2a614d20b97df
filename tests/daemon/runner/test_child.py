"""One child process from its start until nothing of it is left."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.runner.child import Child, ChildEnd, ChildLimits
from openviber_daemon.runner.launching import ChildCommand
from openviber_daemon.runner.processes import list_marked, list_processes
from tests.support.processes import wait_until
from tests.support.runner_jobs import STANDARD_PATH

QUICK = ChildLimits(grace_seconds=0.5, drain_seconds=0.3, leftover_grace_seconds=0.3)


class Runs:
    """Runs commands with a flag of their own and keeps what they print."""

    def __init__(self, cwd: Path) -> None:
        self.cwd = cwd
        self.cancel = CancelFlag()
        self.mark = str(uuid4())
        self.chunks: list[bytes] = []

    def bash(self, script: str, limits: ChildLimits = QUICK) -> ChildEnd:
        return self.run(["bash", "-c", script], limits)

    def run(self, argv: list[str], limits: ChildLimits = QUICK) -> ChildEnd:
        env = {"PATH": STANDARD_PATH}
        command = ChildCommand(argv=argv, cwd=self.cwd, env=env, mark=self.mark)
        return Child(command, output=self.chunks.append, cancel=self.cancel, limits=limits).run()

    @property
    def output(self) -> bytes:
        return b"".join(self.chunks)

    def list_living(self) -> list[int]:
        return [process.pid for process in list_marked(self.mark) if not process.is_zombie]


def count_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def list_children() -> set[int]:
    """Every child of this process, zombies too; the test's process may have had some before."""
    own = os.getpid()
    return {process.pid for process in list_processes() if process.parent == own}


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    runs = Runs(tmp_path)
    yield runs
    for pid in runs.list_living():
        os.kill(pid, signal.SIGKILL)
    runs.cancel.close()


def test_both_outputs_come_in_their_order_with_the_exit_code(runs: Runs) -> None:
    end = runs.bash("echo one; echo two >&2; echo three; exit 7")

    assert runs.output == b"one\ntwo\nthree\n"
    assert (end.exit_code, end.reason, end.leftovers) == (7, None, 0)
    assert end.duration_ms >= 0


def test_its_input_is_empty_and_its_session_its_own(runs: Runs) -> None:
    end = runs.bash("cat; ps -o sid= -p $$ | tr -d ' '; echo $$")
    session, pid = runs.output.split()

    assert end.exit_code == 0
    assert session == pid


def test_its_environment_is_what_was_given_and_the_mark(runs: Runs) -> None:
    runs.run(["env"])

    assert sorted(runs.output.decode().splitlines()) == [
        f"PATH={STANDARD_PATH}",
        f"VIBER_ATTEMPT={runs.mark}",
    ]


def test_a_signal_is_told_as_the_shell_tells_it(runs: Runs) -> None:
    assert runs.bash("kill -SEGV $$").exit_code == 128 + signal.SIGSEGV


def test_a_child_that_hangs_is_ended_when_its_time_is_up(runs: Runs) -> None:
    end = runs.bash(
        "echo started; sleep 600", ChildLimits(time_limit_seconds=0.3, grace_seconds=20)
    )

    assert (end.reason, end.exit_code) == ("timeout", 128 + signal.SIGTERM)
    assert runs.output == b"started\n"
    assert runs.list_living() == []


def test_a_child_that_ignores_every_polite_signal_is_killed_with_its_children(runs: Runs) -> None:
    end = runs.bash(
        "trap '' TERM INT HUP; (trap '' TERM; setsid sleep 600) & while :; do sleep 1; done",
        ChildLimits(time_limit_seconds=0.3, grace_seconds=0.5),
    )

    assert (end.reason, end.exit_code) == ("timeout", 128 + signal.SIGKILL)
    assert runs.list_living() == []


def test_what_a_child_says_while_it_cleans_up_is_kept(runs: Runs) -> None:
    """More than a pipe holds: it could not end if nobody read."""
    end = runs.bash(
        "trap 'head -c 3000000 /dev/zero; echo bye; exit 4' TERM; echo up; sleep 600 & wait",
        ChildLimits(time_limit_seconds=0.5, grace_seconds=50),
    )

    assert (end.reason, end.exit_code) == ("timeout", 4)
    assert len(runs.output) == 3_000_000 + len(b"up\nbye\n")


def test_somebody_can_stop_it(runs: Runs) -> None:
    def stop() -> None:
        wait_until(lambda: b"up" in runs.output, what="the child")
        runs.cancel.request("stopped")

    thread = threading.Thread(target=stop)
    thread.start()
    end = runs.bash("echo up; sleep 600", ChildLimits(grace_seconds=30))
    thread.join()

    assert end.reason == "stopped"
    assert runs.list_living() == []


def test_a_flag_raised_before_ends_it_at_once(runs: Runs) -> None:
    runs.cancel.request("cancelled")

    assert runs.bash("sleep 600").reason == "cancelled"


def test_the_children_of_a_stopped_script_have_the_whole_grace(runs: Runs) -> None:
    """Bash is gone at the first signal; git below it may need seconds to remove its lock."""

    def stop() -> None:
        wait_until(lambda: b"up" in runs.output, what="the child")
        runs.cancel.request("cancelled")

    slow = "trap 'sleep 0.8; echo cleaned; exit' TERM; echo up; while :; do sleep 0.05; done"
    thread = threading.Thread(target=stop)
    thread.start()
    end = runs.bash(
        f'bash -c "{slow}" & wait',
        ChildLimits(grace_seconds=40, drain_seconds=0.1, leftover_grace_seconds=0.1),
    )
    thread.join()

    assert end.reason == "cancelled"
    assert runs.output.endswith(b"cleaned\n")


def test_a_background_child_that_holds_the_output_does_not_hang_it(runs: Runs) -> None:
    end = runs.bash("sleep 600 & echo done; exit 0")

    assert (end.exit_code, end.reason) == (0, None)
    assert end.leftovers == 1
    assert runs.output == b"done\n"
    assert runs.list_living() == []


def test_leftovers_that_hold_no_output_are_ended_too(runs: Runs) -> None:
    end = runs.bash(
        "(setsid sleep 600 >/dev/null 2>&1 &); nohup sleep 600 >/dev/null 2>&1 & exit 3"
    )

    assert end.exit_code == 3
    assert runs.list_living() == []


def test_a_leftover_that_never_stops_printing_ends_as_well(runs: Runs) -> None:
    end = runs.bash("(trap '' TERM; exec yes) & exit 0")

    assert end.leftovers == 1
    assert runs.list_living() == []


def test_output_closed_early_does_not_end_it(runs: Runs) -> None:
    end = runs.bash("echo a; exec >&- 2>&-; sleep 0.3; exit 6")

    assert (end.exit_code, runs.output) == (6, b"a\n")


def test_output_that_is_not_text_passes_as_it_is(runs: Runs) -> None:
    every = bytes(range(256)) * 50
    (runs.cwd / "bytes").write_bytes(every)

    runs.bash("cat bytes; printf '\\xff\\xfe\\x00\\x80'")

    assert runs.output == every + b"\xff\xfe\x00\x80"


def test_the_last_bytes_before_the_end_are_never_lost(runs: Runs) -> None:
    for _ in range(20):
        runs.chunks.clear()
        runs.bash("head -c 700000 /dev/zero; echo last")
        assert len(runs.output) == 700_005


def test_a_line_of_fifty_megabytes_comes_in_small_chunks(runs: Runs) -> None:
    runs.bash("head -c 50000000 /dev/zero | tr '\\0' a")

    assert len(runs.output) == 50_000_000
    assert max(map(len, runs.chunks)) <= 64 * 1024


def test_two_hundred_megabytes_leave_the_memory_flat(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import hashlib, resource, sys
        from pathlib import Path
        from openviber_daemon.runner.cancelling import CancelFlag
        from openviber_daemon.runner.child import Child
        from openviber_daemon.runner.launching import ChildCommand
        seen = hashlib.sha256()
        command = ChildCommand(argv=["bash", "-c", "yes 'a line of output' | head -c 200000000"],
                               cwd=Path("/"), env={"PATH": "/usr/bin:/bin"}, mark="flat-memory")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        end = Child(command, output=seen.update, cancel=CancelFlag()).run()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(end.exit_code, seen.hexdigest(), (after - before) // 1024)
    """)
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    code, digest, grown_megabytes = done.stdout.split()
    line = b"a line of output\n"
    whole = (line * (200_000_000 // len(line) + 1))[:200_000_000]

    assert code == "0"
    assert digest == hashlib.sha256(whole).hexdigest()
    assert int(grown_megabytes) < 16


def test_thousands_of_small_writes_are_gathered(runs: Runs) -> None:
    runs.run([sys.executable, "-c", "import os\nfor i in range(20000): os.write(1, b'x' * 100)"])

    assert len(runs.output) == 2_000_000
    assert len(runs.chunks) < 10_000


def test_no_descriptor_and_no_zombie_is_left(runs: Runs) -> None:
    runs.bash("true")
    descriptors, children = count_descriptors(), list_children()
    for _ in range(5):
        runs.bash("sleep 600 & exit 0")

    assert count_descriptors() == descriptors
    assert list_children() <= children


def test_an_error_of_the_taker_ends_the_child(runs: Runs) -> None:
    def refuse(_chunk: bytes) -> None:
        raise OSError("the disk is gone")

    command = ChildCommand(
        argv=["bash", "-c", "echo out; sleep 600"],
        cwd=runs.cwd,
        env={"PATH": STANDARD_PATH},
        mark=runs.mark,
    )
    with pytest.raises(OSError, match="the disk is gone"):
        Child(command, output=refuse, cancel=runs.cancel).run()

    assert runs.list_living() == []


def test_memory_pressure_takes_the_script_first(runs: Runs) -> None:
    runs.bash(
        "while read score < /proc/$$/oom_score_adj && [ $score = 0 ]; do :; done; echo $score"
    )

    assert runs.output == b"500\n"


def test_a_subreaping_runner_ends_even_who_threw_the_mark_away() -> None:
    program = textwrap.dedent("""
        import os
        from pathlib import Path
        from openviber_daemon.runner.cancelling import CancelFlag
        from openviber_daemon.runner.child import Child
        from openviber_daemon.runner.launching import ChildCommand
        from openviber_daemon.runner.processes import become_subreaper, list_descendants
        become_subreaper()
        script = "(env -i setsid sleep 600 >/dev/null 2>&1 &); for i in 1 2 3; do (true &) ; done"
        command = ChildCommand(argv=["bash", "-c", script], cwd=Path("/"),
                               env={"PATH": "/usr/bin:/bin"}, mark="thrown-away")
        end = Child(command, output=print, cancel=CancelFlag()).run()
        print(end.exit_code, end.leftovers, len(list_descendants([os.getpid()])))
    """)
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["0", "1", "0"]
