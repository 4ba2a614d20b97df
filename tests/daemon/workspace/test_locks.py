import subprocess
import sys
import threading
from pathlib import Path

import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.errors import BusyError, StoppedError
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.watching import Watch

HOLDER = """
import sys, time
from pathlib import Path
from openviber_daemon.workspace.locks import FolderLock
FolderLock(Path(sys.argv[1]), Path(sys.argv[2])).take()
print("held", flush=True)
time.sleep(600)
"""


def test_only_one_holds_a_folder(home: Path, tmp_path: Path) -> None:
    with FolderLock(home, tmp_path) as one, FolderLock(home, tmp_path) as two:
        assert one.try_take()
        assert one.try_take()
        assert not two.try_take()
        one.release()
        assert two.try_take()


def test_two_names_of_one_folder_are_one_lock(home: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with (
        FolderLock(home, tmp_path / "real") as one,
        FolderLock(home, tmp_path / "link") as two,
    ):
        assert one.try_take()
        assert not two.try_take()


def test_a_lock_ends_with_its_process_however_that_ends(home: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home), str(tmp_path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with FolderLock(home, tmp_path) as lock:
            assert not lock.try_take()
            holder.kill()
            holder.wait()
            assert lock.try_take()


def test_waiting_can_be_cancelled_and_without_a_canceller_it_is_refused(
    home: Path, tmp_path: Path
) -> None:
    flag = CancelFlag()
    with FolderLock(home, tmp_path) as one, FolderLock(home, tmp_path) as two:
        one.take()
        with pytest.raises(BusyError, match="in use"):
            two.take()
        timer = threading.Timer(0.2, flag.request, args=("stopped",))
        timer.start()
        with pytest.raises(StoppedError):
            two.take(Watch(cancel=flag))
        timer.join()
    flag.close()
