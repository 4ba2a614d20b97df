import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.board import add_person, runtime
from tests.support.board_process import ROOT
from tests.support.processes import free_port


def board(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "openviber_app", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=55,
    )


def test_the_version_is_told() -> None:
    assert board("--version").stdout.strip() == "0.1.0"


def test_without_a_command_it_says_which_there_are() -> None:
    done = board()
    assert done.returncode == 2
    assert "serve" in done.stderr


def test_a_wrong_port_is_said_in_one_line() -> None:
    done = board("serve", PORT="abc")
    assert done.returncode == 1
    assert done.stderr == "error: PORT=abc is not a port number (1 to 65535)\n"


def test_an_open_address_is_explained_before_anything_else(tmp_path: Path) -> None:
    data = tmp_path / "file"
    data.write_text("not a folder")
    done = board("serve", HOST="0.0.0.0", PORT=str(free_port()), DATA=str(data))
    assert done.returncode == 1
    assert "everyone on your network" in done.stderr.splitlines()[0]
    assert "cannot write to DATA=" in done.stderr


@pytest.mark.parametrize("url", ["https://board.example.org"])
def test_behind_tls_nothing_is_explained(tmp_path: Path, url: str) -> None:
    data = tmp_path / "file"
    data.write_text("not a folder")
    port = str(free_port())
    done = board("serve", HOST="0.0.0.0", PORT=port, DATA=str(data), PUBLIC_URL=url)
    assert "everyone on your network" not in done.stderr


async def test_a_password_is_reset_while_the_board_is_stopped(tmp_path: Path) -> None:
    async with runtime(tmp_path) as built:
        await add_person(built, name="Ada")
    url = "https://board.example.org"
    done = board("reset-password", "ada@example.test", DATA=str(tmp_path), PUBLIC_URL=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{url}/reset#ov_reset_" in done.stdout
    assert "15 minutes" in done.stdout
    assert "Ada (ada@example.test)" in done.stdout
    unknown = board("reset-password", "bob@example.test", DATA=str(tmp_path))
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("error: nobody on this board has the address bob@example.test")


def test_where_there_is_no_board_nothing_is_made(tmp_path: Path) -> None:
    done = board("reset-password", "ada@example.test", DATA=str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "there is no board in DATA=" in done.stderr
    assert not (tmp_path / "nowhere").exists()
