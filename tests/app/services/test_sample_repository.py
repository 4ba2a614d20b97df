import subprocess
import sys
from pathlib import Path

import pytest

from openviber_app.services.sample_repository import SOURCES, make_repository, sample_files
from tests.support.git_server import run_git


def unpack(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "refs").mkdir(exist_ok=True)
    run_git("update-ref", "refs/heads/main", files["info/refs"][:40].decode(), cwd=folder)
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A checkout of the sample."""
    bare = unpack(dict(sample_files()), tmp_path / "sample.git")
    run_git("clone", "--quiet", str(bare), "work", cwd=tmp_path)
    return tmp_path / "work"


def test_git_finds_the_repository_sound_and_the_same_as_the_sources(
    tmp_path: Path, work: Path
) -> None:
    run_git("fsck", "--strict", "--full", cwd=tmp_path / "sample.git")
    listed = run_git("ls-files", cwd=work).splitlines()
    for name in listed:
        assert (work / name).read_bytes() == (SOURCES / name).read_bytes()
    assert {"README.md", "setup.sh", "skyline/city.py", "tests/test_city.py"} <= set(listed)
    assert not [name for name in listed if "__pycache__" in name]
    assert run_git("ls-files", "-s", "setup.sh", cwd=work).startswith("100755")


def test_the_same_sources_are_the_same_commit(tmp_path: Path) -> None:
    for name in ("b.txt", "a.sh", "sub/x.py", "sub.py", "sub-a/y.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_text("x")
    first = make_repository(tmp_path)
    (tmp_path / "__pycache__" / "x.pyc").write_text("y")
    assert make_repository(tmp_path)["info/refs"] == first["info/refs"]
    (tmp_path / "b.txt").write_text("changed")
    assert make_repository(tmp_path)["info/refs"] != first["info/refs"]
    bare = unpack(first, tmp_path / "bare")
    run_git("fsck", "--strict", "--full", cwd=bare)  # also: entries in git's order


def test_its_set_up_its_tests_and_its_city_run_without_a_network(work: Path) -> None:
    def run(*argv: str) -> str:
        environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
        done = subprocess.run(
            argv, cwd=work, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    assert "ready: 5 modules" in run("bash", "setup.sh")
    assert "OK (skipped=1)" in run("python3", "-m", "unittest")
    assert "Good night from city 7" in run("python3", "-m", "skyline", "--seed", "7", "--pause=0")
    assert run_git("status", "--porcelain", cwd=work) == ""
