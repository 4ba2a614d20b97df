"""Builds the frontend when its inputs changed, into openviber_app/_frontend."""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "openviber_app" / "_frontend"
WORK = ROOT / ".web"
SOURCES = ("openviber_app/ui", "openviber_app/states", "assets", "reflex.lock")
FILES = ("rxconfig.py", "openviber_app/openviber_app.py")
SCRIPTS = ROOT / "openviber_app" / "ui"
GATHERED = ROOT / "assets" / "external" / "openviber_app" / "ui"
PARTS = ("build/client", "backend", "routes.json")


def inputs() -> Iterator[Path]:
    """Yield every file that the build reads, in a fixed order."""
    yield from (ROOT / name for name in FILES)
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and not {"__pycache__", "external"} & set(file.parts):
                yield file


def fingerprint() -> str:
    """Return a hash over the inputs and over the version of Reflex."""
    digest = hashlib.sha256(importlib.metadata.version("reflex").encode())
    for file in inputs():
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def is_fresh(wanted: str) -> bool:
    """Whether the published build was made of these inputs."""
    stamp = BUILT / "stamp"
    return stamp.exists() and stamp.read_text() == wanted


def gather_scripts() -> None:
    """Put the browser scripts where the bundler looks for them, each at the place it has here."""
    shutil.rmtree(GATHERED, ignore_errors=True)
    for file in SCRIPTS.rglob("*.js*"):
        target = GATHERED / file.relative_to(SCRIPTS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def compile_frontend() -> None:
    """Run Reflex's compiler and bundler; their output is shown only when they fail."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nerror: the frontend could not be built")


@contextlib.contextmanager
def lock_as_committed() -> Iterator[None]:
    """Undo what Reflex does to the looks of its lock: it writes the same JSON in two forms."""
    package = ROOT / "reflex.lock" / "package.json"
    before = package.read_bytes() if package.exists() else b"{}"
    yield
    if json.loads(package.read_bytes()) == json.loads(before):
        package.write_bytes(before)


def publish(wanted: str) -> None:
    """Put the build in its place in one step; a running board keeps a whole one."""
    fresh = BUILT.with_name("_frontend.new")
    old = BUILT.with_name("_frontend.old")
    for left_over in (fresh, old):
        shutil.rmtree(left_over, ignore_errors=True)
    for part in PARTS:
        source, target = WORK / part, fresh / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    (fresh / "stamp").write_text(wanted)
    if BUILT.exists():
        BUILT.rename(old)
    fresh.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


def main() -> None:
    """Build unless the published build is fresh; only one process builds at a time."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "frontend.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        if is_fresh(wanted):
            return
        print("building the frontend (a minute the first time)", flush=True)
        gather_scripts()
        with lock_as_committed():
            compile_frontend()
        publish(fingerprint())  # of now: new packages change the lock


if __name__ == "__main__":
    main()
