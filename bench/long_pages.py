"""How soon a long thread and a long log are there, and how smoothly they scroll."""

import json
from collections.abc import Sequence

from playwright.sync_api import Page

from bench.figures import Row, Target, held, percentile
from bench.seeds import seed_turns
from bench.stack import Stack
from bench.visitor import found_at, notes, visiting
from tests.support.machine import Machine

ITEMS = 5_000
LINES = 200_000
OPENINGS = 5
TURNS_OF_THE_WHEEL, WHEEL = 120, 600
PRINT = f"seq -f 'line %.0f of a long log, with the words of a build in it' 1 {LINES}"
LAST_LINE = f"line {LINES} of"


def measure_long_pages(stack: Stack, node: Machine) -> list[Row]:
    """Open both by a full load of the page, and turn the wheel upwards."""
    environment, _ = stack.ready(node)
    long = stack.rest.thread(environment, title="Five thousand items")
    last = seed_turns(stack, long["id"], items=ITEMS)
    loud = stack.rest.thread(environment, title="Two hundred thousand lines")
    stack.rest.do(loud, PRINT)
    return [
        *_row(stack, f"a thread of {ITEMS:,} items", long["id"], role="feed", last=last),
        *_row(stack, f"a log of {LINES:,} lines", loud["id"], role="log", last=LAST_LINE),
    ]


def _row(stack: Stack, what: str, thread_id: str, *, role: str, last: str) -> list[Row]:
    opened: list[float] = []
    frames: list[float] = []
    for _ in range(OPENINGS):
        with visiting(stack) as page:
            opened.append(_open(page, thread_id, role=role, last=last))
            if not frames:
                frames = _scroll(page, role)
    return [
        held(f"{what}: navigation to its last line in the page", opened, Target(1000, "ms")),
        Row("the same: frames while it scrolls", _frames(frames)),
    ]


def _open(page: Page, thread_id: str, *, role: str, last: str) -> float:
    where = f"[role={role}]"
    page.add_init_script(
        f"seenAt(() => [...document.querySelectorAll({json.dumps(where)})]"
        f".some((one) => one.textContent.includes({json.dumps(last)})))"
    )
    page.goto(f"/threads/{thread_id}")
    return found_at(page)


def _scroll(page: Page, role: str) -> list[float]:
    place = page.get_by_role(role).first  # pyright: ignore[reportArgumentType]
    place.hover()
    page.evaluate("watchFrames()")
    for _ in range(TURNS_OF_THE_WHEEL):
        page.mouse.wheel(0, -WHEEL)
        page.wait_for_timeout(16)
    page.evaluate("window.isWatching = false")
    return notes(page)["frames"]


def _frames(frames: Sequence[float]) -> str:
    longest = max(frames)
    return (
        f"p50 {percentile(frames, 50):.1f} ms, p99 {percentile(frames, 99):.1f} ms, "
        f"longest **{longest:.0f} ms** (n={len(frames)})"
    )
