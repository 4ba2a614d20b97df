"""Where scripts are typed: nothing is lost, nothing is sent twice."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.rest import Rest
from tests.support.thread_page import suggesting_environment
from tests.support.visit import Opening

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def environment(rest: Rest) -> dict[str, Any]:
    return suggesting_environment(rest)


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Script")


def texts(rest: Rest, thread: dict[str, Any]) -> list[str]:
    found = rest.get(f"/api/threads/{thread['id']}/messages")["messages"]
    return [message["text"] for message in found]


def lose_answers(page: Page, pattern: str) -> list[str]:
    """Let requests reach the board and lose its answers, as a killed board does."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        route.fetch()
        lost.append(route.request.url)
        route.abort("connectionreset")

    page.route(pattern, lose)
    return lost


def test_enter_sends_and_shift_enter_breaks_the_line(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    box = box_of(page)
    small = box.bounding_box()
    box.press_sequentially("echo one")
    for n in range(4):
        page.keyboard.press("Shift+Enter")
        box.press_sequentially(f"echo {n}")
    large = box.bounding_box()
    assert small is not None
    assert large is not None
    assert large["height"] > small["height"]
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(page.locator(".said")).to_contain_text("echo 3")
    assert texts(rest, thread) == ["echo one\necho 0\necho 1\necho 2\necho 3"]
    again = box.bounding_box()
    assert again is not None
    assert again["height"] == small["height"]


def test_nothing_to_send_is_said_and_not_sent(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    send = page.get_by_role("button", name="Send")
    expect(send).to_have_attribute("aria-disabled", "true")
    expect(send).to_have_attribute("title", "Write a script first")
    box_of(page).press("Enter")
    expect(page.get_by_role("alert").filter(has_text="nothing to send")).to_be_visible()
    assert texts(rest, thread) == []


def test_suggestions_fill_the_box_of_a_new_thread_only(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    page.get_by_role("button", name="Run the tests").click()
    expect(box_of(page)).to_have_value("echo 3 passed")
    expect(page.get_by_role("button", name="List the files")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="Output of the run")).to_contain_text("3 passed")
    expect(page.get_by_role("button", name="List the files")).to_have_count(0)


def test_a_draft_is_there_again_after_a_reload_and_in_another_browser(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    with page.expect_response(lambda r: "/api/drafts/" in r.url and r.request.method == "PUT"):
        box_of(page).press_sequentially("make half a")
    page.reload()
    expect(box_of(page)).to_have_value("make half a")
    other = open_page(f"/threads/{thread['id']}")
    expect(box_of(other)).to_have_value("make half a")


def test_what_is_refused_says_why_and_stays(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    text = "echo " + "x" * 70_000
    box_of(page).fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="bytes are too many")).to_be_visible()
    expect(box_of(page)).to_have_value(text)
    box_of(page).fill("echo short")
    expect(page.get_by_role("alert").filter(has_text="too many")).to_have_count(0)


def test_a_message_whose_answer_was_lost_is_not_sent_twice(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    lost = lose_answers(page, "**/messages")
    box_of(page).fill("echo once")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    expect(box_of(page)).to_have_value("echo once")
    assert len(lost) == 1
    page.unroute_all()
    page.reload()
    expect(box_of(page)).to_have_value("echo once")
    box_of(page).press("Enter")
    expect(box_of(page)).to_have_value("")
    assert texts(rest, thread) == ["echo once"]


@pytest.mark.parametrize("pattern", ["**/api/threads", "**/messages"])
def test_a_new_thread_whose_answer_was_lost_is_made_once(
    open_page: Opening, rest: Rest, environment: dict[str, Any], pattern: str
) -> None:
    query = f"/api/threads?environmentId={environment['id']}"
    before = {thread["id"] for thread in rest.get(query)["threads"]}
    page = open_page(f"/environments/{environment['id']}")
    lost = lose_answers(page, pattern)
    box_of(page).fill("echo new thread")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    assert len(lost) == 1
    page.unroute_all()
    box_of(page).press("Enter")
    page.wait_for_url("**/threads/*")
    expect(page.get_by_role("log", name="Output of the run")).to_contain_text("new thread")
    made = [one for one in rest.get(query)["threads"] if one["id"] not in before]
    assert len(made) == 1
    assert texts(rest, made[0]) == ["echo new thread"]


def test_what_is_typed_while_a_message_is_on_its_way_is_the_next_one(
    open_page: Opening, rest: Rest, environment: dict[str, Any]
) -> None:
    thread = rest.thread(environment)
    page = open_page(f"/threads/{thread['id']}")
    held: list[Route] = []
    page.route("**/messages", lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    box = box_of(page)
    box.fill("echo first")
    with page.expect_request("**/messages"):
        page.keyboard.press("Enter")
    box.press_sequentially("; echo more")
    held[0].continue_()
    expect(box).to_have_value("; echo more")
    assert texts(rest, thread) == ["echo first"]
