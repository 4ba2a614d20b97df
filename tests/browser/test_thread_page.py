"""The page of a thread: its head, its runs, what they changed, how it was set up."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.processes import wait_until
from tests.support.rest import Rest
from tests.support.thread_page import suggesting_environment
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

CHANGING = "echo 'y = 2' >> app.py; echo new > README; seq 1 3"
MINUS = "\N{MINUS SIGN}"
FAILING = "echo 'E  assert 3 == 4'; exit 3"


@pytest.fixture(scope="module")
def environment(rest: Rest) -> dict[str, Any]:
    return suggesting_environment(rest)


@pytest.fixture(scope="module")
def failed(rest: Rest, environment: dict[str, Any]) -> dict[str, Any]:
    """A thread that changed two files, and failed after that."""
    thread = rest.thread(environment, title="Fix flaky webhook retry test")
    assert rest.do(thread, CHANGING)["status"] == "completed"
    assert rest.do(thread, FAILING)["exitCode"] == 3
    return thread


def path_of(thread: dict[str, Any]) -> str:
    return f"/threads/{thread['id']}"


def runs(page: Page) -> Locator:
    return page.locator(".run")


def title(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("heading", level=1)


def test_a_run_is_one_line_that_opens_and_a_failed_one_is_open(
    open_page: Opening, failed: dict[str, Any]
) -> None:
    page = open_page(path_of(failed))
    worked, broken = runs(page).nth(0), runs(page).nth(1)
    expect(worked).to_contain_text("1 step · 2 files")
    fold = worked.get_by_role("button", expanded=False)
    expect(fold).to_contain_text("Worked")
    expect(worked.get_by_role("log")).to_have_count(0)
    fold.click()
    expect(worked).to_contain_text("Ran")
    expect(worked.get_by_role("log", name="Output of the run")).to_contain_text("3")
    expect(worked.get_by_role("list", name="Changed files")).to_contain_text(f"README+1{MINUS}0")
    expect(broken.get_by_role("log", name="Output of the run")).to_contain_text("assert 3 == 4")
    expect(broken).to_contain_text("It ended with exit code 3.")
    expect(broken.locator(".run-fold .pill")).to_have_text("exit 3")


def test_running_again_sends_the_same_words_once(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    rest.do(thread, "echo once; exit 4")
    page = open_page(path_of(thread))
    page.get_by_role("button", name="Run again").click()
    expect(runs(page)).to_have_count(2)
    expect(runs(page).last.locator(".run-fold .pill")).to_have_text("exit 4")
    said = rest.get(f"/api/threads/{thread['id']}/messages")["messages"]
    assert [message["text"] for message in said] == ["echo once; exit 4"] * 2


def test_a_title_is_edited_where_it_stands(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment, title="First name")
    page = open_page(path_of(thread))
    expect(title(page)).to_have_text("First name")
    page.get_by_role("region", name="Conversation").focus()
    page.keyboard.press("F2")
    box = page.get_by_role("textbox", name="Title")
    expect(box).to_be_focused()
    box.fill("Left")
    page.keyboard.press("Escape")
    expect(title(page)).to_have_text("First name")
    expect(title(page).get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    box.fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="A title cannot be empty.")).to_be_visible()
    box.fill("x" * 130)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="at most 120")).to_be_visible()
    expect(box).to_have_value("x" * 130)
    box.fill("Second name")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Second name")
    assert rest.get(f"/api/threads/{thread['id']}")["title"] == "Second name"
    expect(page).to_have_title("Second name · OpenViber")


def test_what_somebody_else_renames_and_stops_is_seen_at_once(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment, title="Before")
    page = open_page(path_of(thread))
    head = page.locator(".thread-head")
    expect(title(page)).to_have_text("Before")
    rest.patch(f"/api/threads/{thread['id']}", {"title": "After"})
    expect(title(page)).to_have_text("After")
    run = rest.run_of(thread, rest.say(thread, "echo on; sleep 300"))
    expect(head.locator(".pill")).to_contain_text("Running")
    rest.post(f"/api/runs/{run['id']}/stop")
    expect(head.locator(".pill")).to_contain_text("Stopped")
    expect(head.get_by_role("button", name="Stop")).to_have_count(0)


def test_a_queued_message_waits_and_can_be_withdrawn_and_stopping_pauses(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    run = rest.run_of(thread, rest.say(thread, "echo first; sleep 300"))
    rest.run_status(run["id"], "running")
    page = open_page(path_of(thread))
    box = page.get_by_role("textbox", name="Script")
    for text in ("echo second", "echo third"):
        box.fill(text)
        page.get_by_role("button", name="Queue").click()
        expect(box).to_have_value("")
    queued = page.locator(".said[data-state=queued]")
    expect(queued).to_have_count(2)
    queued.first.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".said[data-state=withdrawn]")).to_contain_text("echo second")
    page.locator(".thread-head").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Paused: what you send waits.")).to_be_visible()
    expect(runs(page).first).to_have_attribute("data-status", "stopped")
    page.get_by_role("button", name="Resume").click()
    expect(runs(page)).to_have_count(2)
    expect(runs(page).last).to_have_attribute("data-status", "completed")
    expect(runs(page).last.get_by_role("log")).to_contain_text("third")
    expect(page.get_by_text("Paused:")).to_have_count(0)


def test_an_archived_thread_says_so_and_comes_back(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment, title="To put away")
    rest.do(thread, "echo done")
    page = open_page(path_of(thread))
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.get_by_text("This thread is archived")).to_be_visible()
    expect(page.get_by_role("textbox", name="Script")).to_have_count(0)
    assert rest.get(f"/api/threads/{thread['id']}")["status"] == "archived"
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("textbox", name="Script")).to_be_visible()


def test_the_inspector_is_in_the_address_and_stays_as_it_was_left(
    open_page: Opening, failed: dict[str, Any]
) -> None:
    page = open_page(path_of(failed))
    inspector = page.get_by_role("region", name="Changes and set-up")
    expect(inspector.get_by_role("region", name="All changes")).to_contain_text(f"app.py+1{MINUS}0")
    inspector.get_by_role("link", name="Setup").click()
    expect(page).to_have_url(re.compile(r"\?inspector=setup$"))
    expect(inspector.get_by_role("list", name="Phases")).to_contain_text("Run the set-up")
    expect(inspector.get_by_role("list", name="Commands")).to_contain_text("git init")
    page.reload()
    expect(inspector.get_by_role("list", name="Phases")).to_be_visible()
    inspector.get_by_role("button", name="Close").click()
    expect(inspector).to_have_count(0)
    page.goto(path_of(failed))
    expect(title(page)).to_be_visible()
    expect(inspector).to_have_count(0)
    runs(page).first.get_by_role("button", expanded=False).click()
    page.get_by_role("button", name="README").click()
    expect(inspector.locator("[data-chosen]")).to_contain_text("README")


def test_on_a_narrow_screen_the_inspector_is_a_sheet_that_gives_the_focus_back(
    open_page: Opening, failed: dict[str, Any]
) -> None:
    page = open_page(path_of(failed), size="phone")
    opener = page.get_by_role("button", name="Changes and set-up")
    opener.click()
    sheet = page.get_by_role("dialog", name="Changes and set-up")
    expect(sheet).to_contain_text("2 files in all")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(opener).to_be_focused()
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_a_thread_that_is_not_there_says_so(open_page: Opening) -> None:
    page = open_page("/threads/01a20958-e49b-7000-93cd-355797a26729")
    expect(page.get_by_role("heading", name="There is no such thread")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_state_of_the_page_reads_well(
    open_page: Opening,
    rest: Rest,
    environment: dict[str, Any],
    failed: dict[str, Any],
    *,
    size: str,
    scheme: str,
) -> None:
    page = open_page(path_of(failed), size=size, scheme=scheme)
    expect(page.get_by_role("log", name="Output of the run")).to_contain_text("assert")
    assert violations(page) == []
    shoot(page, "thread-failed")
    page.goto(f"{path_of(failed)}?inspector=setup")
    expect(page.get_by_role("log", name="Log of the set-up")).to_be_visible()
    assert violations(page) == []
    shoot(page, "thread-setup")
    thread = rest.thread(environment, title="Upgrade Stripe SDK to v14")
    page.goto(path_of(thread))
    expect(page.get_by_role("button", name="Run the tests")).to_be_visible()
    assert violations(page) == []
    shoot(page, "thread-new")
    run = rest.run_of(thread, rest.say(thread, "echo line 1; sleep 300"))
    rest.say(thread, "echo next")
    expect(page.get_by_role("log", name="Output of the run")).to_contain_text("line 1")
    expect(page.locator(".said[data-state=queued]")).to_be_visible()
    assert violations(page) == []
    shoot(page, "thread-running")
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    shoot(page, "thread-menu")
    page.keyboard.press("Escape")
    rest.post(f"/api/threads/{thread['id']}/stop")
    rest.run_status(run["id"], "stopped")
    wait_until(
        lambda: rest.get(f"/api/threads/{thread['id']}")["status"] == "paused", what="the pause"
    )
    rest.patch(f"/api/threads/{thread['id']}", {"status": "archived"})
    expect(page.get_by_text("This thread is archived")).to_be_visible()
    assert violations(page) == []
    shoot(page, "thread-archived")


def test_what_was_named_ahead_is_asked_for_once(open_page: Opening, rest: Rest) -> None:
    thread = rest.thread(rest.environment("ahead"), title="Named ahead")
    asked: list[str] = []
    page = open_page("/nodes")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/threads/{thread['id']}")
    expect(page.get_by_role("heading", name="Named ahead")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert sum("/timeline?" in url for url in asked) == 1
