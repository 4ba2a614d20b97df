"""The page that a bench leaves behind."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bench.figures import Row

HEAD = """# Benchmarks

Written by `make bench`; do not edit. Real processes: the board, the daemon, the runners, bash, git
and `git http-backend`, each with its real database and files, all on this one machine, together
with the program that measures.

{day}, {machine}, load average {before:.2f} before and {after:.2f} after, {minutes:.1f} minutes.

Figures are medians with the least and the greatest of the repetitions, or percentiles. Targets are
those of the architecture, and the bold figure is held against them: "MISSES" is a target missed.
"""

BUSY = """
**Other work ran on this machine at the same time**, as the load before the first row says: every
figure below is worse than on a quiet one. Run `make bench` where nothing else runs to judge.
"""
BUSY_LOAD = 0.5
"""Above this, before anything of ours runs, the machine was not ours alone."""

FOOT = """
## Not measured here
2,000 connected nodes: the architecture has targets for them, this bench has no row.
"""


def write_report(
    sections: Sequence[tuple[str, str, Sequence[Row]]], facts: Mapping[str, str | float]
) -> str:
    """Lay out sections of title, explanation and rows as one page."""
    parts = [HEAD.format(day=datetime.now(UTC).date().isoformat(), **facts)]
    if float(facts["before"]) > BUSY_LOAD:
        parts.append(BUSY)
    for title, words, rows in sections:
        parts.append(
            f"\n## {title}\n{words}\n\n| what | measured | target | |\n|---|---|---|---|\n"
        )
        parts += [f"| {r.what} | {r.measured} | {r.target} | {r.verdict} |\n" for r in rows]
    return "".join(parts) + FOOT
