"""A browser on the bench's board, and what its pages are asked to note."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import CDPSession, Page

from bench.stack import Stack
from tests.support.browser import DESKTOP, chromium, visitor

PATIENCE = 120_000
LAUNCHED_MS = 1000
"""A browser that was just started is busy with itself for so long; a visitor's is open already."""

NOTES = """
window.notes = { longest: 0, lcp: 0, cls: 0, frames: [] };
const observe = (type, take) => {
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
  observer.observe({ type, buffered: true });
};
observe("longtask", (entry) => { notes.longest = Math.max(notes.longest, entry.duration); });
observe("largest-contentful-paint", (entry) => { notes.lcp = entry.startTime; });
observe("layout-shift", (entry) => { if (!entry.hadRecentInput) notes.cls += entry.value; });
window.watchFrames = () => {
  let last = performance.now();
  const frame = (now) => {
    notes.frames.push(now - last);
    last = now;
    if (window.isWatching) requestAnimationFrame(frame);
  };
  window.isWatching = true;
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
};
"""
"""The longest main-thread task, the paints, the shifts, and how long each frame took."""

SEEN = """
window.seenAt = (wanted) => {
  window.found = null;
  const look = () => {
    if (window.found !== null || !wanted()) return;
    window.found = performance.now();
    watcher.disconnect();
  };
  const watcher = new MutationObserver(look);
  const changes = { childList: true, subtree: true, characterData: true, attributes: true };
  watcher.observe(document, changes);
  look();
};
"""
"""`seenAt(predicate)` notes in `found` when the page first looked like that."""


@contextmanager
def visiting(stack: Stack, *, scripts: str = "") -> Iterator[Page]:
    """Open a page of the owner; an error of a script in it ends the bench."""
    with (
        chromium() as browser,
        visitor(browser, stack.board.url, size=DESKTOP, bypass_csp=True) as page,
    ):
        page.set_default_timeout(PATIENCE)
        cookie = stack.rest.browser_cookie()
        page.context.add_cookies([cookie])  # pyright: ignore[reportArgumentType]
        page.add_init_script(NOTES + SEEN + scripts)
        page.wait_for_timeout(LAUNCHED_MS)
        yield page


def devtools(page: Page) -> CDPSession:
    """Open the protocol that slows a page down and counts its bytes."""
    return page.context.new_cdp_session(page)


def notes(page: Page) -> dict[str, Any]:
    """Return what the page noted of itself."""
    return page.evaluate("window.notes")


def found_at(page: Page) -> float:
    """Wait for what `seenAt` looks for; return its milliseconds since the navigation began."""
    page.wait_for_function("window.found !== null && window.found !== undefined")
    return float(page.evaluate("window.found"))
