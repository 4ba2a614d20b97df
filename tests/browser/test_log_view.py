"""The log viewer: a log of 200,000 lines of a real run, and one that is still printed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

LINES = 200_000
MOST_NODES = 400
COLOURS = (
    r"printf '\033[31mred\033[0m \033[1;32mbold green\033[0m plain\n';"
    r" printf '\033]0;title\007\033[95mbright\033[0m ende\n'; printf '10%%\r50%%\r100%%\n'"
)


@pytest.fixture(scope="module")
def environment(rest: Rest) -> dict[str, Any]:
    """An empty folder, ready on the board's own node."""
    return ready_environment(rest, "logs")


@pytest.fixture(scope="module")
def long_run(rest: Rest, environment: dict[str, Any]) -> str:
    """The thread of a finished run that printed 200,000 lines."""
    thread = rest.thread(environment)
    words = "line %.0f of many, with enough words behind it that the log weighs something"
    run = rest.do(thread, f'seq -f "{words}" {LINES}')
    assert (run["status"], run["log"]["lines"]) == ("completed", LINES)
    return f"/threads/{thread['id']}"


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Output of the run")


def line(page: Page, number: int) -> Locator:
    return log_of(page).locator(f".log-line[data-n='{number}']")


def is_at_end(page: Page) -> bool:
    return log_of(page).evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight < 18")


def test_the_end_shows_first_and_every_line_can_be_reached(
    open_page: Opening, long_run: str
) -> None:
    page = open_page(long_run)
    expect(line(page, LINES)).to_contain_text(f"line {LINES} of many")
    assert is_at_end(page)
    log = log_of(page)
    log.focus()
    page.keyboard.press("Home")
    expect(line(page, 1)).to_contain_text("line 1 of many")
    log.evaluate("e => { e.scrollTop = e.scrollHeight / 2 }")
    expect(line(page, LINES // 2)).to_contain_text(f"line {LINES // 2} of many")
    page.keyboard.press("End")
    expect(line(page, LINES)).to_be_visible()
    assert log.locator("*").count() < MOST_NODES


def test_its_end_is_asked_for_once_and_ahead_of_the_view(open_page: Opening, long_run: str) -> None:
    page = open_page("/nodes")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(long_run)
    expect(line(page, LINES)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url.rpartition("?")[2] for url in asked if "/log?" in url] == ["tail=131072"]


def test_a_search_finds_what_is_not_loaded_and_goes_from_one_to_the_next(
    open_page: Opening, long_run: str
) -> None:
    page = open_page(long_run)
    expect(line(page, LINES)).to_be_visible()
    log_of(page).focus()
    page.keyboard.press("Control+f")
    box = page.get_by_role("searchbox", name="Search this log")
    box.fill("LINE 98765 of")
    expect(page.locator(".log-search [role=status]")).to_have_text("1 of 1")
    expect(line(page, 98765).locator("mark.is-current")).to_have_text("line 98765 of")
    box.fill("line 10000")
    status = page.locator(".log-search [role=status]")
    expect(status).to_have_text("2 of 11")  # 10000, and 100000 to 100009: the next from here
    box.press("Enter")
    expect(status).to_have_text("3 of 11")
    expect(line(page, 100_001).locator("mark.is-current")).to_be_visible()
    for _ in range(3):
        box.press("Shift+Enter")
    expect(status).to_have_text("11 of 11")
    expect(line(page, 100_009).locator("mark.is-current")).to_be_visible()
    box.fill("no such words")
    expect(status).to_have_text("not found")
    box.press("Escape")
    expect(box).to_be_hidden()
    expect(log_of(page)).to_be_focused()
    assert log_of(page).locator("*").count() < MOST_NODES


def test_wrapped_lines_are_reached_too(open_page: Opening, long_run: str) -> None:
    page = open_page(long_run, size="phone")
    expect(page.get_by_role("button", name="Wrap")).to_have_attribute("aria-pressed", "true")
    expect(line(page, LINES)).to_be_visible()
    log = log_of(page)
    assert log.evaluate("e => e.scrollWidth <= e.clientWidth")
    log.evaluate("e => { e.scrollTop = 0 }")
    expect(line(page, 1)).to_be_visible()
    page.get_by_role("button", name="Follow").click()
    expect(line(page, LINES)).to_be_visible()
    assert log.locator("*").count() < MOST_NODES


def test_following_ends_when_somebody_scrolls_up_and_goes_on_by_the_button(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    rest.say(thread, "seq 500; while ! test -e go; do sleep 0.1; done; seq 501 900; sleep 600")
    page = open_page(f"/threads/{thread['id']}")
    expect(line(page, 500)).to_be_visible()
    follow = page.get_by_role("button", name="Follow")
    log_of(page).hover()
    page.mouse.wheel(0, -600)
    expect(follow).to_have_attribute("aria-pressed", "false")
    held = log_of(page).evaluate("e => e.scrollTop")
    run = rest.get(f"/api/threads/{thread['id']}/messages")["messages"][0]["runId"]
    rest.run_status(run, "running")
    (workspace,) = rest.get(f"/api/environments/{environment['id']}/bindings")["bindings"]
    Path(workspace["resolvedWorkingDir"], "go").touch()
    page.wait_for_function(
        "before => document.querySelector('[role=log]').scrollHeight > before + 300 * 18",
        arg=log_of(page).evaluate("e => e.clientHeight + e.scrollTop"),
    )
    assert log_of(page).evaluate("e => e.scrollTop") == held
    follow.click()
    expect(line(page, 900)).to_be_visible()
    rest.post(f"/api/runs/{run}/stop")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_colours_are_shown_and_nothing_of_their_escapes(
    open_page: Opening, rest: Rest, environment: dict[str, Any], size: str, scheme: str
) -> None:
    thread = rest.thread(environment)
    many = "; ".join(
        f"printf '\\033[{c}m colour {c}\\033[0m\\n'" for c in (*range(30, 38), *range(90, 98))
    )
    rest.do(thread, f"{COLOURS}; {many}")
    page = open_page(f"/threads/{thread['id']}", size=size, scheme=scheme)
    expect(line(page, 1)).to_have_text("red bold green plain")
    expect(line(page, 1).locator("[data-c='1']")).to_have_text("red")
    expect(line(page, 1).locator(".is-bold[data-c='2']")).to_have_text("bold green")
    expect(line(page, 2)).to_have_text("bright ende")
    expect(line(page, 3)).to_have_text("100%")
    page.locator(".log-view").get_by_role("button", name="Search").click()
    page.get_by_role("searchbox", name="Search this log").fill("colour 3")
    expect(page.locator(".log-search [role=status]")).to_have_text("1 of 8")
    assert violations(page, within=".log-view") == []
    shoot(page, "log")
