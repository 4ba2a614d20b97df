"""Every page: a clean console, nothing from elsewhere, files that are kept."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from openviber_app.ui.caching import ASK_FIRST, FOREVER
from tests.support.board_process import BoardProcess
from tests.support.browser import visitor
from tests.support.processes import wait_until
from tests.support.rest import Rest
from tests.support.visit import Opening

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

JUMPS = """
new Promise((found) => {
  let score = 0;
  const seen = [];
  const note = (list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      score += entry.value;
      for (const { node, previousRect: a, currentRect: b } of entry.sources)
        seen.push(`${node?.nodeName}.${node?.className} ${a.x},${a.y} -> ${b.x},${b.y}`);
    }
  };
  const watched = new PerformanceObserver(note);
  watched.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    note({ getEntries: () => watched.takeRecords() });
    found({ score, seen });
  }));
})
"""


def connected(rest: Rest) -> str | None:
    """Return the id of a node that is there."""
    nodes = rest.get("/api/nodes")["nodes"]
    return next((str(node["id"]) for node in nodes if node["link"] == "connected"), None)


@pytest.fixture(scope="module")
def paths(rest: Rest) -> list[str]:
    """Every page, with something on it."""
    node = rest.post("/api/nodes/tokens", {"name": "attic"})["nodeId"]
    made = rest.environment("scratch", setupMode="manual", setupScript="git init -q .")
    here = wait_until(lambda: connected(rest), what="the board's own node")
    rest.prepared(rest.map(made, here)["id"])
    thread = rest.thread(made, title="Look around")
    environment = f"/environments/{made['id']}"
    return [
        "/",
        "/environments/new",
        environment,
        f"{environment}/edit",
        f"{environment}?dialog=map",
        f"/threads/{thread['id']}",
        "/nodes",
        f"/nodes?node={node}",
        "/nodes?dialog=add-node",
        f"/nodes?dialog=add-node&add-node.node={node}",
    ]


def is_loaded(page: Page) -> None:
    """Wait until the page shows what it knows, and is quiet."""
    expect(page.get_by_text("scratch").first).to_be_attached()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_page_is_quiet(open_page: Opening, paths: list[str], size: str) -> None:
    for path in paths:  # what a page complains of fails the test when the page is left
        page = open_page(path, size=size)
        is_loaded(page)
        page.close()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_nothing_jumps_on_the_pages_of_nodes(
    open_page: Opening, paths: list[str], size: str
) -> None:
    jumped = {}
    for path in paths:
        if not path.startswith("/nodes"):
            continue
        page = open_page(path, size=size)
        is_loaded(page)
        found = page.evaluate(JUMPS)
        if found["score"]:
            jumped[path] = found
        page.close()
    assert not jumped, "\n".join(f"{path} {found}" for path, found in jumped.items())


@pytest.mark.parametrize(
    ("event", "script"),
    [
        ("console", "console.error('broken')"),
        ("console", "console.warn('odd')"),
        ("pageerror", "setTimeout(() => { throw new Error('thrown') })"),
        ("request", "fetch('https://example.invalid/').catch(() => 0) && 1"),
        ("console", "fetch('/assets/not-there.js') && 1"),
    ],
)
def test_a_page_that_complains_fails_its_test(
    browser: Browser, board: BoardProcess, event: Any, script: str
) -> None:
    with pytest.raises(AssertionError), visitor(browser, board.url) as page:  # noqa: PT012
        page.goto("/sign-in")
        with page.expect_event(event):
            page.evaluate(script)


def test_what_has_a_hash_in_its_name_comes_packed_and_is_kept(
    page: Page, board: BoardProcess
) -> None:
    answers = page.evaluate(
        """async () => {
          const own = performance.getEntriesByType("resource").map((entry) => entry.name);
          const names = [location.href, ...own.filter((name) => /[.](js|css|svg)$/.test(name))];
          return Promise.all(names.map(async (name) => {
            const { headers } = await fetch(name);
            return [name, headers.get("content-encoding"), headers.get("cache-control")];
          }));
        }"""
    )
    assert len(answers) > 10
    for name, packed, kept in answers:
        assert packed == "br", name  # a browser asks for it over TLS and on loopback
        hashed = name.startswith(f"{board.url}/assets/")
        assert kept == (FOREVER if hashed else ASK_FIRST), name
