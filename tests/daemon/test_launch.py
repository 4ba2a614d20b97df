import os
import sys
from pathlib import Path

from openviber_daemon.launch import Launcher

ECHO = (
    sys.executable,
    "-I",
    "-c",
    "import os, sys, json; "
    "said = [sys.stdin.read(), dict(os.environ), os.getsid(0) == os.getpid()]; "
    "sys.stderr.write(json.dumps(said))",
)


def test_a_runner_gets_its_input_and_nothing_of_the_daemons_environment(tmp_path: Path) -> None:
    words = "x" * 300_000  # more than a pipe holds
    os.environ["LEAK"] = "hunter2"
    try:
        process = Launcher(environment={"A": "b"}, command=ECHO).launch(tmp_path, words.encode())
        assert process.wait(timeout=30) == 0
    finally:
        del os.environ["LEAK"]
    said = (tmp_path / "runner.err").read_text()
    assert words in said
    assert "hunter2" not in said
    assert said.endswith("true]")
    assert (tmp_path / "runner.err").stat().st_mode & 0o777 == 0o600
