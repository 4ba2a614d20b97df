"""Builds the daemon's wheel, which the board serves to new nodes, when its sources changed."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMBER = ROOT / "daemon"
SERVED = ROOT / "openviber_app" / "_daemon"
REQUIREMENTS = ROOT / "requirements" / "daemon.txt"


def inputs() -> Iterator[Path]:
    """Yield every file that ends up in the wheel or beside it, in a fixed order."""
    yield MEMBER / "pyproject.toml"
    yield REQUIREMENTS
    for package in ("openviber_daemon", "openviber_protocol"):
        for file in sorted((MEMBER / package).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def fingerprint() -> str:
    """Return a hash over the inputs."""
    digest = hashlib.sha256()
    for file in inputs():
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def build(wanted: str) -> None:
    """Build the wheel and put it in its place in one step."""
    fresh, old = SERVED.with_name("_daemon.new"), SERVED.with_name("_daemon.old")
    for left_over in (fresh, old):
        shutil.rmtree(left_over, ignore_errors=True)
    fresh.mkdir()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(fresh)]
    done = subprocess.run(command, cwd=MEMBER, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nerror: the daemon's wheel could not be built")
    shutil.copyfile(REQUIREMENTS, fresh / "requirements.txt")
    (fresh / "stamp").write_text(wanted)
    if SERVED.exists():
        SERVED.rename(old)
    fresh.rename(SERVED)
    shutil.rmtree(old, ignore_errors=True)


def main() -> None:
    """Build unless the served wheel is fresh; only one process builds at a time."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "daemon_wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        stamp = SERVED / "stamp"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        print("building the daemon's wheel", flush=True)
        build(wanted)


if __name__ == "__main__":
    main()
