"""The installer, run by a plain Python against a real server that hands out a real wheel."""

import base64
import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from openviber_app.api import install_script

SCRIPT = Path(install_script.__file__)
WHEEL = "openviber_daemon-0.1.0-py3-none-any.whl"
PROGRAM = """
import json, os, sys
def main():
    said = sys.stdin.read() if "onboard" in sys.argv else ""
    with open(os.environ["OPENVIBER_HOME"] + "/calls", "a") as file:
        file.write(json.dumps({"argv": sys.argv[1:], "stdin": said}) + "\\n")
    sys.exit(3 if "service" in sys.argv else 0)
"""


def make_wheel(file: Path) -> None:
    """Write a wheel whose `openviber` notes how it was called."""
    info = "openviber_daemon-0.1.0.dist-info"
    files = {
        "openviber_stand_in.py": PROGRAM,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: openviber-daemon\nVersion: 0.1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nopenviber = openviber_stand_in:main\n",
    }
    record = [f"{name},{_record_hash(text)},{len(text)}" for name, text in files.items()]
    with zipfile.ZipFile(file, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,", ""]))


def _record_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Handout:
    """What the server answers, by path."""

    url: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture
def handout(tmp_path: Path) -> Iterator[Handout]:
    served = Handout()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = served.answers.get(self.path)
            self.send_response(200 if content is not None else 404)
            self.end_headers()
            self.wfile.write(content if content is not None else b'{"detail": "not here"}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}"
        make_wheel(tmp_path / WHEEL)
        wheel = (tmp_path / WHEEL).read_bytes()
        daemon = {
            "version": "0.1.0",
            "wheel": f"http://elsewhere.example/api/daemon/{WHEEL}",
            "sha256": hashlib.sha256(wheel).hexdigest(),
            "requirements": "http://elsewhere.example/api/daemon/requirements.txt",
            "requirementsSha256": hashlib.sha256(b"").hexdigest(),
        }
        served.answers = {
            "/api/daemon": json.dumps(daemon).encode(),
            f"/api/daemon/{WHEEL}": wheel,
            "/api/daemon/requirements.txt": b"",
            "/api/daemon/install.py": SCRIPT.read_bytes(),
        }
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def _run(handout: Handout, home: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Do what the page tells a person to type."""
    fetch = (
        f"import urllib.request as u; exec(u.urlopen('{handout.url}/api/daemon/install.py').read())"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home.parent),
        "OPENVIBER_HOME": str(home),
        "OPENVIBER_TOKEN": "ov_node_secret-token",
        "PIP_NO_INDEX": "1",
    }
    return subprocess.run(
        [sys.executable, "-c", fetch, "--board", handout.url, *flags],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_one_command_installs_onboards_and_says_how_to_start(
    handout: Handout, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    done = _run(handout, home)
    assert done.returncode == 0, done.stderr
    calls = [json.loads(line) for line in (home / "calls").read_text().splitlines()]
    assert calls[0] == {
        "argv": ["onboard", "--token", "-", "--board", handout.url],
        "stdin": "ov_node_secret-token\n",
    }
    assert calls[1]["argv"] == ["service", "install"]
    assert f"{home}/venv/bin/openviber start" in done.stdout  # no service here: start by hand
    assert "secret-token" not in done.stdout + done.stderr
    assert home.stat().st_mode & 0o777 == 0o700


def test_an_update_renews_the_daemon_and_claims_nothing(handout: Handout, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = _run(handout, home, "--update")
    assert done.returncode == 0, done.stderr
    assert not (home / "calls").exists()
    assert f"start it again:\n  {home}/venv/bin/openviber start" in done.stdout
    unit = tmp_path / ".config" / "systemd" / "user" / "openviber.service"
    unit.parent.mkdir(parents=True)
    unit.touch()
    assert _run(handout, home, "--update").returncode == 0
    (call,) = (home / "calls").read_text().splitlines()
    assert json.loads(call)["argv"] == ["service", "install"]


def test_a_damaged_wheel_is_not_installed(handout: Handout, tmp_path: Path) -> None:
    handout.answers[f"/api/daemon/{WHEEL}"] += b"x"
    done = _run(handout, tmp_path / "home")
    assert done.returncode == 1
    assert "arrived damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "calls").exists()


def test_a_board_without_a_wheel_is_quoted(handout: Handout, tmp_path: Path) -> None:
    del handout.answers["/api/daemon"]
    done = _run(handout, tmp_path / "home")
    assert done.returncode == 1
    assert "answered 404" in done.stderr
    assert "not here" in done.stderr


def test_it_needs_nothing_that_an_older_python_cannot_read() -> None:
    text = SCRIPT.read_text()
    assert "match " not in text
    assert "import openviber" not in text
