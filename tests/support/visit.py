"""Fixtures: a real browser whose visitor owns a real board, for tests of its pages."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import BoardProcess, board_process
from tests.support.browser import DESKTOP, PHONE, chromium, visitor
from tests.support.rest import Rest

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"
PATIENCE = 60_000
READY = "html[data-ready]"
"""The page answers: what is clicked earlier, faster than any hand, is lost."""
OUTSIDE = ("/sign-in", "/setup", "/join", "/reset")
"""Pages without dialogs, which are never marked as ready."""
SIZES = {"desktop": DESKTOP, "phone": PHONE}
Opening = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    """A board with the node of its own machine."""
    folder = tmp_path_factory.mktemp("board")
    with board_process(folder, arguments=("--with-node",)) as started:
        yield started


@pytest.fixture(scope="module")
def rest(board: BoardProcess) -> Rest:
    """The owner as a program."""
    client = Rest(board.url)
    client.become_owner(board.setup_code())
    return client


def sign_in(page: Page, rest: Rest) -> None:
    """Give the page's browser the owner's session."""
    page.context.add_cookies([rest.browser_cookie()])  # pyright: ignore[reportArgumentType]


@pytest.fixture
def open_page(browser: Browser, board: BoardProcess, rest: Rest) -> Iterator[Opening]:
    """Open pages of the signed-in owner: `open_page("/nodes", size="phone", scheme="dark")`."""
    opened: list[AbstractContextManager[Page]] = []

    def opening(path: str = "/", *, size: str = "desktop", scheme: str = "light") -> Page:
        one = visitor(browser, board.url, size=SIZES[size], scheme=scheme)
        page = one.__enter__()
        opened.append(one)
        page.set_default_timeout(PATIENCE)
        sign_in(page, rest)
        page.goto(path)
        if not path.startswith(OUTSIDE):
            page.wait_for_selector(READY, state="attached")
        return page

    yield opening
    for one in reversed(opened):
        one.__exit__(None, None, None)


@pytest.fixture
def page(open_page: Opening) -> Page:
    """The board's first page, of its owner, on a desktop."""
    return open_page("/")


SETTLED = """Promise.allSettled(document.getAnimations()
    .filter((one) => one.playState === "running")
    .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished)).then(() => true)"""


def violations(page: Page, *, within: str | None = None) -> list[str]:
    """Return what axe finds wrong, with the elements; `within` is a selector of a part.

    What still fades in has not its colours yet, and is waited for.
    """
    page.evaluate(SETTLED)
    found = Axe().run(page, context=within).response["violations"]
    return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page, named by size and theme too, in the ignored folder."""
    size = page.viewport_size or {"width": 0}
    width = "phone" if size["width"] < 768 else "desktop"
    scheme = page.evaluate("document.documentElement.classList.contains('dark')")
    SCREENSHOTS.mkdir(exist_ok=True)
    file = SCREENSHOTS / f"{name}-{width}-{'dark' if scheme else 'light'}.png"
    partial = file.with_suffix(f".{os.getpid()}.png")
    page.screenshot(path=partial)
    partial.replace(file)
