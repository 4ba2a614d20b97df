"""How soon the board lists and searches ten thousand threads."""

import time
from urllib.parse import urlencode

from bench.figures import Row, Target, compare, number, percentile
from bench.seeds import WORDS, seed_threads
from bench.stack import Stack

THREADS = 10_000
REQUESTS = 200
FIRST_PAGE_BYTES = 20_000


def measure_lists(stack: Stack) -> list[Row]:
    """Ask by REST, one request after the other, each on a connection of its own."""
    environment = stack.environment()
    seed_threads(stack, environment["id"], count=THREADS)
    here = {"environmentId": environment["id"]}
    listed, size = _ask(stack, [here])
    deep, _ = _ask(stack, _pages(stack, here))
    queries = [here | {"search": f"{a} {b[:3]}"} for a in WORDS for b in WORDS]
    words, _ = _ask(stack, queries)
    typed, _ = _ask(stack, [here | {"search": w[:n]} for w in WORDS for n in range(1, 5)])
    goal = Target(20, "ms (p95)")
    page = f"**{size / 1000:.1f} kB**"
    return [
        _row(f"list of {THREADS:,} threads, first page", listed, goal),
        _row("the same, one page after the other", deep, goal),
        _row("search, two words", words, goal),
        _row("search, as somebody types a word", typed, goal),
        compare("first page of the list", page, size, target=Target(FIRST_PAGE_BYTES, "bytes")),
    ]


def _row(what: str, late: list[float], goal: Target) -> Row:
    p95 = percentile(late, 95)
    told = (
        f"p50 {number(percentile(late, 50))} ms, p95 **{number(p95)} ms**, "
        f"worst {number(max(late))} ms (n={len(late)})"
    )
    return compare(what, told, p95, target=goal)


def _pages(stack: Stack, query: dict[str, str]) -> list[dict[str, str]]:
    found = [query]
    while len(found) < REQUESTS:
        page = stack.rest.get(f"/api/threads?{urlencode(found[-1])}")
        if not page["next"]:
            break
        found.append(query | {"before": page["next"]})
    return found


def _ask(stack: Stack, queries: list[dict[str, str]]) -> tuple[list[float], int]:
    late: list[float] = []
    size = 0
    for n in range(REQUESTS):
        path = f"/api/threads?{urlencode(queries[n % len(queries)])}"
        start = time.perf_counter()
        _, _, body = stack.rest.call("GET", path)
        late.append((time.perf_counter() - start) * 1000)
        size = max(size, len(body))
    return late, size
