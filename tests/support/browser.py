"""Chromium for page tests: one browser a session of tests, one context a test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.complaints import Complaints

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without what only its windows need: it takes a quarter less time."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = (1440, 900)
PHONE = (390, 844)


def find_chromium() -> str | None:
    """Return the machine's Chromium, or None for the one that Playwright installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser for as long as the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: str = "light",
    bypass_csp: bool = False,
) -> Iterator[Page]:
    """Open a page as somebody new; what it complains of or loads from elsewhere fails the test.

    `bypass_csp` is for measuring only: it lets scripts in that the board's policy keeps out.
    """
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=width < 768,
        bypass_csp=bypass_csp,
    )
    complaints = Complaints(url)
    complaints.listen(context)
    page = context.new_page()
    try:
        yield page
        assert not complaints.found, complaints.found
    finally:
        context.close()
