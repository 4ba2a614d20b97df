"""What is typed into a form outlives the board, the page and the device."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.rest import Rest
from tests.support.visit import Opening

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

NEW = "/environments/new"
KEY = "/api/drafts/environment:new"


def named(page: Page) -> Locator:
    """The form's Name; dialogs of the frame have one too."""
    return page.get_by_role("main").get_by_label("Name", exact=True)


def empty(page: Page, rest: Rest) -> None:
    rest.delete(KEY)
    page.evaluate("localStorage.clear()")
    page.goto(NEW)


def test_not_a_letter_is_lost_when_the_board_is_killed_in_mid_typing(
    page: Page, board: BoardProcess, rest: Rest
) -> None:
    empty(page, rest)
    name = named(page)
    name.focus()
    page.keyboard.type("before ")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    page.keyboard.type("in the ")
    board.kill()
    page.keyboard.type("outage")
    expect(page.get_by_text("Kept in this browser")).to_be_visible()
    board.restart()
    page.reload()
    expect(name).to_have_value("before in the outage")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert rest.get(KEY)["value"]["form"]["name"] == "before in the outage"


def test_what_was_typed_in_an_outage_reaches_the_board_by_itself(
    page: Page, board: BoardProcess, rest: Rest
) -> None:
    empty(page, rest)
    named(page).fill("first")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    board.kill()
    named(page).fill("later")
    expect(page.get_by_text("Kept in this browser")).to_be_visible()
    board.restart()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert rest.get(KEY)["value"]["form"]["name"] == "later"


def test_another_device_goes_on_with_the_draft(open_page: Opening, rest: Rest) -> None:
    first = open_page("/")
    empty(first, rest)
    named(first).fill("begun here")
    expect(first.get_by_text("Kept as a draft")).to_be_visible()
    second = open_page(NEW, size="phone")
    expect(named(second)).to_have_value("begun here")
    named(second).fill("ended there")
    second.goto("/")
    first.reload()
    expect(named(first)).to_have_value("ended there")


def test_letters_of_the_last_moment_leave_with_the_page(open_page: Opening, rest: Rest) -> None:
    page = open_page("/")
    empty(page, rest)
    named(page).fill("just typed")
    page.goto("/nodes")
    again = open_page(NEW)
    expect(named(again)).to_have_value("just typed")


def test_starting_over_empties_the_form_everywhere(page: Page, rest: Rest) -> None:
    empty(page, rest)
    named(page).fill("never mind")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(named(page)).to_have_value("")
    page.reload()
    expect(page.get_by_label("Repository address")).to_be_visible()
    expect(named(page)).to_have_value("")
    assert rest.get(KEY)["value"] is None
