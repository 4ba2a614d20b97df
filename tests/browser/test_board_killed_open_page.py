"""A board that is killed under an open thread: the page stays, nothing is lost or said twice."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.board_process import BoardProcess
from tests.support.rest import Rest
from tests.support.thread_page import suggesting_environment
from tests.support.visit import Opening, shoot

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

WATCH = """() => {
  window.gone = [];
  const parts = { title: '.head-title', box: 'textarea', said: '.said', sidebar: 'aside nav a' };
  const look = () => {
    for (const [name, selector] of Object.entries(parts))
      if (!document.querySelector(selector)) window.gone.push(name);
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def environment(rest: Rest) -> dict[str, Any]:
    return suggesting_environment(rest)


def kill_and_restart(page: Page, board: BoardProcess) -> None:
    board.kill()
    expect(page.get_by_text("reconnecting").first).to_be_visible()
    board.restart()
    expect(page.get_by_text("reconnecting")).to_have_count(0)


def test_typing_goes_on_over_a_killed_board_and_nothing_leaves_the_screen(
    open_page: Opening, rest: Rest, board: BoardProcess, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment, title="Typing")
    rest.do(thread, "seq 1 100")
    page = open_page(f"/threads/{thread['id']}")
    expect(page.get_by_role("log", name="Output of the run")).to_contain_text("100")
    expect(page.locator("aside nav a").first).to_be_visible()
    box = page.get_by_role("textbox", name="Script")
    box.press_sequentially("echo be")
    page.evaluate(WATCH)
    top = page.get_by_role("feed").evaluate("(e) => e.scrollTop")
    board.kill()
    box.press_sequentially("fore ")
    expect(page.get_by_text("reconnecting").first).to_be_visible()
    shoot(page, "thread-reconnecting")
    box.press_sequentially("and ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    board.restart()
    box.press_sequentially("after")
    expect(page.get_by_text("reconnecting")).to_have_count(0)
    expect(box).to_have_value("echo before and after")
    expect(box).to_be_focused()
    assert page.get_by_role("feed").evaluate("(e) => e.scrollTop") == top
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(page.get_by_role("log", name="Output of the run").last).to_contain_text(
        "before and after"
    )
    assert page.evaluate("window.gone") == []
    said = rest.get(f"/api/threads/{thread['id']}/messages")["messages"]
    assert [message["text"] for message in said] == ["seq 1 100", "echo before and after"]


def test_a_log_in_mid_flow_goes_on_without_a_line_lost_or_twice(
    open_page: Opening, rest: Rest, board: BoardProcess, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment, title="Printing")
    page = open_page(f"/threads/{thread['id']}")
    box = page.get_by_role("textbox", name="Script")
    box.fill("for i in $(seq 1 300); do echo line $i; sleep 0.02; done")
    page.keyboard.press("Enter")
    log = page.get_by_role("log", name="Output of the run")
    expect(log).to_contain_text("line 30")
    page.evaluate(WATCH)
    kill_and_restart(page, board)
    expect(page.locator(".run")).to_have_attribute("data-status", "completed")
    expect(log).to_contain_text("line 300")
    numbered = log.evaluate(
        "(e) => [...e.querySelectorAll('[data-n]')].map((l) => [l.dataset.n, l.textContent])"
    )
    assert numbered
    assert all(text.endswith(f"line {n}") for n, text in numbered)
    (run,) = [rest.finished(rest.get(f"/api/threads/{thread['id']}")["lastRun"]["id"])]
    lines = rest.log("runs", run["id"]).decode().splitlines()
    assert lines == [f"line {n}" for n in range(1, 301)]
    assert page.evaluate("window.gone") == []
    expect(page.locator(".run")).to_have_count(1)
    expect(page.locator(".said")).to_have_count(1)
