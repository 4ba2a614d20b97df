"""The log of one execution."""

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.runner.console import Console, measure_log
from openviber_protocol.payloads import LogFinal

SECRET = "hunter2-secret"
NEEDLES = NeedleSet.of_secrets([SECRET])


class Bell:
    def __init__(self) -> None:
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def console(log: Path) -> Iterator[Console]:
    console = Console(log, NEEDLES)
    yield console
    console.close()


def test_what_is_written_is_on_disk_at_once(console: Console, log: Path) -> None:
    console.write(b"some output\n")

    assert log.read_bytes() == b"some output\n"
    assert console.position == 12
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_secret_split_across_writes_is_never_on_disk(console: Console, log: Path) -> None:
    for byte in b"a token: " + SECRET.encode() + b" and on":
        console.write(bytes([byte]))
        assert b"hunter" not in log.read_bytes()

    assert log.read_bytes() == b"a token: [REDACTED] and on"
    assert console.redacted == 1


def test_a_flush_lets_nothing_wait(console: Console, log: Path) -> None:
    console.write(b"hunter2")
    assert console.position == 0
    console.flush()

    assert log.read_bytes() == b"hunter2"


def test_a_line_of_ours_stands_on_its_own(console: Console, log: Path) -> None:
    console.write(b"no newline")
    console.say(f"Fetching https://x:{SECRET}@host")
    console.say("next")

    assert log.read_bytes() == b"no newline\nFetching https://x:[REDACTED]@host\nnext\n"


def test_the_figures_are_those_of_the_file(console: Console, log: Path) -> None:
    for chunk in (b"one\ntw", b"o\n", b"\xff\xfe", b"", SECRET.encode()):
        console.write(chunk)
    final = LogFinal.model_validate(console.final())
    content = log.read_bytes()

    assert final.bytes == len(content)
    assert final.lines == 3
    assert final.sha256 == hashlib.sha256(content).hexdigest()
    assert final.truncated_bytes == 0
    assert measure_log(log) == console.final()


def test_an_empty_log_and_a_missing_one_have_the_same_figures(
    console: Console, log: Path, tmp_path: Path
) -> None:
    empty = {
        "bytes": 0,
        "lines": 0,
        "sha256": hashlib.sha256(b"").hexdigest(),
        "truncatedBytes": 0,
    }

    assert console.final() == measure_log(log) == measure_log(tmp_path / "none") == empty


def test_past_its_limit_nothing_is_kept_but_all_is_counted(log: Path) -> None:
    console = Console(log, NEEDLES, limit_bytes=2 * 1024 * 1024)
    for _ in range(3 * 1024):
        console.write(b"x" * 1023 + b"\n")
    console.say("not kept either")
    final = console.final()
    console.close()
    content = log.read_bytes()
    notice = b"\n[openviber: the log reached its limit of 2 MiB; what follows was not kept]\n"

    assert content == (b"x" * 1023 + b"\n") * 2048 + notice
    assert final["truncatedBytes"] == 1024 * 1024 + len(b"not kept either\n")
    assert final["bytes"] == len(content)
    assert final["sha256"] == hashlib.sha256(content).hexdigest()


def test_secrets_are_still_counted_past_the_limit(log: Path) -> None:
    console = Console(log, NEEDLES, limit_bytes=10)
    console.write(b"0123456789" + SECRET.encode())
    console.write(SECRET.encode() + b" ")
    console.close()

    assert console.redacted == 2


def test_the_last_append_always_rings(log: Path) -> None:
    bell = Bell()
    console = Console(log, NEEDLES, ring=bell.ring)
    console.write(b"a")
    console.write(b"hunter2")
    assert bell.rings == 1
    console.flush()
    console.close()

    assert bell.rings == 2


def test_the_tail_is_what_was_written_last(console: Console) -> None:
    for number in range(5000):
        console.write(f"line {number}\n".encode())
    since = console.position
    console.write(b"after\nthe mark\n")

    assert console.tail(2) == "after\nthe mark"
    assert console.tail(4).splitlines()[0] == "line 4998"
    assert console.tail(50, since=since) == "after\nthe mark"
    assert len(console.tail(100_000)) <= 16 * 1024


def test_a_full_disk_loses_output_but_not_the_run(tmp_path: Path) -> None:
    console = Console(Path("/dev/full"), NEEDLES)

    console.write(b"lost")
    console.write(b" as well")
    final = console.final()
    console.close()

    assert final["bytes"] == 0
    assert final["truncatedBytes"] == 12


def test_when_the_disk_has_room_again_the_log_tells_of_the_gap(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(log, NEEDLES)
    console.write(b"before\n")
    write = os.write

    def no_room(_fd: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "write", no_room)
    console.write(b"lost\n")
    monkeypatch.setattr(os, "write", write)
    console.write(b"after\n")
    final = console.final()
    console.close()

    assert log.read_bytes() == (
        b"before\n\n[openviber: the disk was full; 5 bytes were not kept here]\nafter\n"
    )
    assert final == {**measure_log(log), "truncatedBytes": 5}
