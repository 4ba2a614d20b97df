import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.key_files import read_or_make, replace


def test_a_new_key_file_is_private_and_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "some.key"
    assert read_or_make(file, lambda: b"one") == b"one"
    assert read_or_make(file, lambda: b"two") == b"one"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["some.key"]


def test_a_file_that_others_may_read_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    file = tmp_path / "some.key"
    read_or_make(file, lambda: b"one")
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_or_make(file, lambda: b"two")
    assert file.read_bytes() == b"one"


def test_an_empty_file_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    file = tmp_path / "some.key"
    file.touch(mode=0o600)
    with pytest.raises(KeyFileError, match="backup"):
        read_or_make(file, lambda: b"new")
    assert file.read_bytes() == b""


def test_processes_that_race_end_with_one_key(tmp_path: Path) -> None:
    file = tmp_path / "some.key"
    program = (
        "import sys, secrets; from pathlib import Path;"
        "from openviber_app.vault.key_files import read_or_make;"
        "print(read_or_make(Path(sys.argv[1]), lambda: secrets.token_hex(8).encode()).decode())"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    seen = {racer.communicate(timeout=50)[0].strip() for racer in racers}
    assert [racer.returncode for racer in racers] == [0] * 4
    assert seen == {file.read_bytes()}


def test_what_a_killed_writer_left_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    file = tmp_path / "some.key"
    read_or_make(file, lambda: b"one")
    program = (
        "import os, sys; from pathlib import Path; from openviber_app.vault import key_files;"
        "os.replace = lambda *_: os.kill(os.getpid(), 9);"
        "key_files.replace(Path(sys.argv[1]), b'two')"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(file)], check=False, timeout=50)
    assert killed.returncode == -9
    (left,) = tmp_path.glob(".some.key.*")
    assert left.read_bytes() == b"two"  # a whole key, in no file that anybody looks after
    living = tmp_path / f".some.key.{os.getppid()}"
    living.write_bytes(b"half")
    assert file.read_bytes() == b"one"
    replace(file, b"three")
    assert sorted(tmp_path.iterdir()) == sorted([living, file])
