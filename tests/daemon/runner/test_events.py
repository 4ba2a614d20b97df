"""The events file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from openviber_daemon.clock import SystemClock
from openviber_daemon.runner.events import EventLog, EventTooLargeError, encode_event


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events"


@pytest.fixture
def rings() -> list[int]:
    return []


@pytest.fixture
def events(path: Path, rings: list[int]) -> Iterator[EventLog]:
    events = EventLog(path, clock=SystemClock(), ring=lambda: rings.append(1))
    yield events
    events.close()


def test_a_line_is_one_event_as_the_daemon_expects_it(events: EventLog, path: Path) -> None:
    events.append("thread:started", {"slot": 1, "branch": "ü\n"})
    (line,) = path.read_bytes().splitlines()
    event = json.loads(line)

    assert event["type"] == "thread:started"
    assert event["payload"] == {"slot": 1, "branch": "ü\n"}
    assert event["final"] is False
    assert datetime.fromisoformat(event["at"]).tzinfo is not None
    assert path.stat().st_mode & 0o777 == 0o600


def test_each_append_rings(events: EventLog, rings: list[int]) -> None:
    events.append("thread:started", {})
    events.append("thread:completed", {}, final=True)

    assert len(rings) == 2


def test_nothing_follows_the_final_event(events: EventLog) -> None:
    assert not events.has_final
    events.append("thread:completed", {}, final=True)

    assert events.has_final
    with pytest.raises(RuntimeError, match="after the final event"):
        events.append("thread:progress", {})


def test_an_event_too_large_for_a_frame_is_refused_whole(events: EventLog, path: Path) -> None:
    with pytest.raises(EventTooLargeError):
        events.append("thread:progress", {"text": "x" * 300_000})

    assert path.read_bytes() == b""


def test_half_a_character_and_odd_numbers_cannot_break_a_line() -> None:
    line = encode_event("x", {"text": "a\ud800b\u2028"}, at="now", final=False)

    assert line.count(b"\n") == 1
    assert json.loads(line)["payload"]["text"] == "a?b\u2028"
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_event("x", {"n": float("nan")}, at="now", final=False)


def test_room_is_kept_for_the_last_words_and_given_back(tmp_path: Path) -> None:
    events = EventLog(tmp_path / "events", clock=SystemClock(), ring=lambda: None)
    assert (tmp_path / "reserve").stat().st_size == 256 * 1024
    events.close()

    assert not (tmp_path / "reserve").exists()


def test_a_status_is_written_on_a_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        events = EventLog(disk / "events", clock=SystemClock(), ring=lambda: None)
        with pytest.raises(OSError, match="No space left"):
            (disk / "log").write_bytes(b"x" * 2_000_000)
        for number in range(20):
            events.append("environment:status", {"n": number, "message": "y" * 3000})
        events.append("environment:status", {"status": "error"}, final=True)
        events.close()
        lines = (disk / "events").read_bytes().splitlines()
    finally:
        subprocess.run(["umount", str(disk)], check=True)

    assert [json.loads(line)["payload"].get("n") for line in lines] == [*range(20), None]


def test_a_line_is_whole_or_not_there(path: Path) -> None:
    """A disk that takes half a line: the half is taken back."""
    program = """
import resource, signal, sys
from pathlib import Path
from openviber_daemon.clock import SystemClock
from openviber_daemon.runner.events import EventLog
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
events = EventLog(path, clock=SystemClock(), ring=lambda: None)
events.append("a", {})
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50, resource.RLIM_INFINITY))
try:
    events.append("b", {"text": "x" * 1000})
except OSError:
    print("refused")
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    lines = path.read_bytes()

    assert done.stdout == "refused\n"
    assert lines.endswith(b"\n")
    assert len(lines.splitlines()) == 1
