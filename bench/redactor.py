"""How much output a second passes the redactor."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Row, Target, held, spread
from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.needles import derive_needles
from openviber_daemon.redaction.stream import Redactor
from openviber_daemon.runner.console import Console

CHUNK = 64 * 1024
CHUNKS = 640
ROUNDS = 5
WORDS = [
    "compiling",
    "linking",
    "test",
    "passed",
    "warning",
    "unused",
    "module",
    "error",
    "in",
    "of",
    "the",
    "at",
    "src",
    "build",
]


def secrets(count: int) -> list[str]:
    """Give random secrets of 20 to 60 characters, the same in every bench."""
    dice = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    return ["".join(dice.choices(letters, k=dice.randint(20, 60))) for _ in range(count)]


def output(values: list[str]) -> list[bytes]:
    """Give what a build prints, with a secret in every 64 KiB."""
    dice = random.Random(8)
    chunks: list[bytes] = []
    for _ in range(16):
        lines: list[str] = []
        while sum(map(len, lines)) < CHUNK:
            lines.append(f"[{dice.randint(1, 99999)}] {' '.join(dice.choices(WORDS, k=12))}\n")
        lines[dice.randrange(len(lines))] = f"token={dice.choice(values)}\n"
        chunks.append("".join(lines).encode()[:CHUNK])
    return chunks


def measure_redactor(folder: Path) -> list[Row]:
    """Feed 40 MiB in chunks of 64 KiB, to the redactor and to the whole console."""
    few = secrets(20)
    thousand = next(n for n in range(1, 99) if len(derive_needles(secrets(n))) >= 1000)
    rows: list[Row] = []
    for values, limit in ((few, 100), (secrets(thousand), 80), (secrets(100), 0)):
        needles = NeedleSet.of_secrets(values)
        chunks = output(values)
        count = len(derive_needles(values))
        name = f"{len(values)} secrets ({count:,} derived needles)"
        alone = [_speed(Redactor(needles).feed, chunks) for _ in range(ROUNDS)]
        whole = [_console(needles, chunks, folder / f"redacted{n}") for n in range(ROUNDS)]
        rows += [
            _row(f"redactor, {name}", alone, limit),
            _row("the same with the checksum and the file", whole, limit),
        ]
    return rows


def _row(what: str, speeds: list[float], limit: int) -> Row:
    if not limit:
        return Row(what, spread(speeds, "MB/s"))
    return held(what, speeds, Target(limit, "MB/s", at_least=True))


def _console(needles: NeedleSet, chunks: list[bytes], path: Path) -> float:
    console = Console(path, needles)
    try:
        return _speed(console.write, chunks)
    finally:
        console.close()
        path.unlink()


def _speed(feed: Callable[[bytes], object], chunks: list[bytes]) -> float:
    start = time.perf_counter()
    for number in range(CHUNKS):
        feed(chunks[number % len(chunks)])
    return CHUNK * CHUNKS / (time.perf_counter() - start) / 1e6
