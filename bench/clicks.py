"""How soon a click changes the page."""

import json
from collections.abc import Callable

from playwright.sync_api import Locator, Page

from bench.figures import Row, Target, compare, number, percentile
from bench.stack import Stack
from bench.visitor import found_at, visiting
from tests.support.machine import Machine

TIMES = 20
CLICKED = """
window.clickedAt = 0;
addEventListener("click", (event) => { window.clickedAt = event.timeStamp; }, true);
"""
HEADING = "() => [...document.querySelectorAll('main h1')].some((h) => h.textContent.includes({0}))"
DIALOG = "() => [...document.querySelectorAll('dialog, [role=dialog]')].some((d) => d.offsetHeight)"
FOLDED = "() => document.querySelector('.run button[aria-expanded]').ariaExpanded === {0}"


def measure_clicks(stack: Stack, node: Machine) -> list[Row]:
    """Click back and forth in one page; the browser dates the click, the page what it changed."""
    one, binding_id = stack.ready(node)
    two = stack.environment()
    threads = [stack.rest.thread(one, title=title) for title in ("First of two", "Second of two")]
    for thread in threads:
        stack.wait_for_spare(binding_id)
        stack.rest.do(thread, "seq 1 200")
    with visiting(stack, scripts=CLICKED) as page:
        page.goto(f"/threads/{threads[0]['id']}")
        return [
            _row("click to changed page: another thread", _switch_threads(page, threads)),
            _row("a run folds or opens", _fold(page)),
            _row("another environment", _switch_environments(page, one, two)),
            _row("a dialog opens", _open_dialog(page)),
        ]


def _row(what: str, late: list[float]) -> Row:
    p95 = percentile(late, 95)
    told = f"p50 {number(percentile(late, 50))} ms, p95 **{number(p95)} ms** (n={len(late)})"
    return compare(what, told, p95, target=Target(100, "ms (p95)"))


def _click(page: Page, target: Locator, wanted: str) -> float:
    target.wait_for()
    page.evaluate(f"seenAt({wanted})")
    target.click()
    seen = found_at(page)
    return seen - float(page.evaluate("window.clickedAt"))


def _often(once: Callable[[int], float]) -> list[float]:
    """The first ones load what later ones have: they are part of it."""
    return [once(n) for n in range(TIMES)]


def _switch_threads(page: Page, threads: list[dict]) -> list[float]:
    def once(n: int) -> float:
        thread = threads[(n + 1) % 2]
        link = page.locator(f"aside a[href*='/threads/{thread['id']}']").first
        return _click(page, link, HEADING.format(json.dumps(thread["title"])))

    return _often(once)


def _fold(page: Page) -> list[float]:
    def once(_n: int) -> float:
        button = page.locator(".run button[aria-expanded]").first
        after = "false" if button.get_attribute("aria-expanded") == "true" else "true"
        return _click(page, button, FOLDED.format(json.dumps(after)))

    return _often(once)


def _switch_environments(page: Page, one: dict, two: dict) -> list[float]:
    def once(n: int) -> float:
        there = (two, one)[n % 2]
        link = page.locator(f"aside a[href*='/environments/{there['id']}']").last
        return _click(page, link, HEADING.format(json.dumps(there["name"])))

    return _often(once)


def _open_dialog(page: Page) -> list[float]:
    def once(_n: int) -> float:
        took = _click(page, page.get_by_role("button", name="Map to node").first, DIALOG)
        page.keyboard.press("Escape")
        page.wait_for_function(f"!({DIALOG})()")
        return took

    return _often(once)
