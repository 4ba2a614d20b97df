"""`python -m bench` writes docs/benchmarks.md; with names, only those, on the screen."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import (
    clicks,
    first_page,
    lists,
    long_pages,
    messages,
    output,
    prepares,
    redactor,
    relay,
    restart,
    revoke,
    startup,
)
from bench.figures import Row
from bench.machine_facts import describe_machine, load_average
from bench.report import write_report
from bench.stack import Stack, stack
from tests.support.machine import Machine

ROOT = Path(__file__).resolve().parents[1]
Measure = Callable[[], list[Row]]
Sections = list[tuple[str, str, list[tuple[str, Measure]]]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="parts to measure, without writing the page")
    wanted = frozenset(parser.parse_args().only)
    began, before = time.monotonic(), load_average()
    with tempfile.TemporaryDirectory(prefix="openviber-bench-") as folder:
        done = measure(Path(folder), wanted)
    facts = {
        "machine": describe_machine(),
        "before": before,
        "after": load_average(),
        "minutes": (time.monotonic() - began) / 60,
    }
    page = write_report(done, facts)
    if wanted:
        print(page)
    else:
        (ROOT / "docs" / "benchmarks.md").write_text(page)
        print("wrote docs/benchmarks.md")
    return 0


def measure(folder: Path, wanted: frozenset[str]) -> list[tuple[str, str, list[Row]]]:
    """Measure part after part; nothing else of ours runs meanwhile."""
    with stack(folder) as whole:
        sections = parts_of(folder, whole)
        done: list[tuple[str, str, list[Row]]] = []
        for title, words, parts in sections:
            load = load_average()
            rows = [row for name, part in parts for row in _measured(name, part, wanted)]
            names = " ".join(name for name, _ in parts)
            told = f"{words} `python -m bench {names}`; load average {load:.2f} at its start."
            if rows:
                done.append((title, told, rows))
        return done


def _measured(name: str, part: Measure, wanted: frozenset[str]) -> list[Row]:
    if wanted and name not in wanted:
        return []
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    rows = part()
    for row in rows:
        print(f"  {row.what}: {row.measured} {row.verdict}", file=sys.stderr, flush=True)
    return rows


def parts_of(folder: Path, whole: Stack) -> Sections:
    """List what there is to measure."""
    direct = whole.online(whole.node("direct"))
    return [
        (
            "Start and idle memory",
            "From the process's start until the page was served, or the daemon's log says `ready`. "
            "RSS counts shared pages too.",
            [
                ("board", partial(startup.measure_board, whole)),
                ("daemon", partial(startup.measure_daemon, whole)),
            ],
        ),
        (
            "The relay",
            "*Relay alone*: a process appends to the log of a running execution and rings as its "
            "runner would; *process output*: the script prints, the runner reads, redacts and "
            "appends. Stored means committed in the board's SQLite (`synchronous=FULL`). The acks "
            "are timed on the wire by a tap.",
            [
                ("relay", partial(relay.measure_relay, whole, direct)),
                ("latency", lambda: relay.measure_latency(whole, _tapped(whole))),
            ],
        ),
        (
            "Messages",
            "From just before the request is sent. *Slot claim* is timed inside a process that has "
            "its imports; the message's row has all of them in it.",
            [
                ("claims", partial(messages.measure_claims, folder)),
                ("messages", partial(messages.measure_messages, whole, direct)),
            ],
        ),
        (
            "Prepares",
            "From the request until the board says that it succeeded, asked every 5 ms.",
            [
                ("unchanged", partial(prepares.measure_unchanged, whole, direct)),
                ("cold", partial(prepares.measure_cold, whole, direct)),
            ],
        ),
        (
            "The page",
            "A real Chromium without a display. *Output*: the script writes its time in each line, "
            "a MutationObserver reads it in the page, by the same clock. *Clicks*: from the "
            "browser's own time of the click to the mutation. *Throttled*: a processor 4 times "
            "slower, 10 Mbit/s, 40 ms there and back; *mobile network*: the same processor, "
            "1.6 Mbit/s, 150 ms. Nothing is cached; the browser has finished its own start.",
            [
                ("first-page", partial(first_page.measure_first_page, whole)),
                ("clicks", partial(clicks.measure_clicks, whole, direct)),
                ("output", partial(output.measure_output, whole, direct)),
                ("long", partial(long_pages.measure_long_pages, whole, direct)),
            ],
        ),
        (
            "Lists, a board that dies, and a node that is revoked",
            "Requests by REST on new connections, timed by their client. *True status*: asked "
            "every 5 ms from the moment the daemon says that it is connected again. "
            "*Socket's end*: of the board's side of it, seen by a tap before the daemon.",
            [
                ("lists", partial(lists.measure_lists, whole)),
                ("restart", partial(restart.measure_restart, whole, direct)),
                ("revoke", partial(revoke.measure_revoke, whole)),
            ],
        ),
        (
            "The redactor",
            "Chunks of 64 KiB of build output with one secret in each.",
            [("redactor", partial(redactor.measure_redactor, folder))],
        ),
    ]


def _tapped(whole: Stack) -> Machine:
    return whole.online(whole.node("tapped", board=whole.tap.url))


if __name__ == "__main__":
    sys.exit(main())
