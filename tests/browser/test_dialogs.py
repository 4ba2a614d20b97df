"""Dialogs: part of the address, modal, and polite about the focus."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

OPEN = re.compile(r"/kit/?\?dialog=kit-dialog&kit-dialog\.node=studio-01$")


def test_a_dialog_is_one_step_of_the_history_and_gives_the_focus_back(open_page: Opening) -> None:
    page = open_page("/kit")
    opener = page.get_by_role("button", name="A dialog", exact=True)
    dialog = page.get_by_role("dialog", name="A dialog", exact=True)
    before = page.evaluate("history.length")
    opener.click()
    expect(dialog).to_be_visible()
    expect(page).to_have_url(OPEN)
    assert page.evaluate("history.length") == before + 1
    expect(dialog.get_by_label("Name")).to_be_focused()
    page.go_back()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.go_forward()
    expect(dialog).to_be_visible()


@pytest.mark.parametrize("way", ["Escape", "Close", "backdrop"])
def test_each_way_out_leads_to_the_page_as_it_was(open_page: Opening, way: str) -> None:
    page = open_page("/kit?keep=1")
    opener = page.get_by_role("button", name="A dialog", exact=True)
    dialog = page.get_by_role("dialog", name="A dialog", exact=True)
    opener.click()
    expect(dialog).to_be_visible()
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "Close":
        dialog.get_by_role("button", name="Close").click()
    else:
        page.mouse.click(20, 20)
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/kit/?\?keep=1$"))
    expect(opener).to_be_focused()


def test_a_dialog_opened_from_a_dialog_takes_its_place(open_page: Opening) -> None:
    page = open_page("/kit")
    page.get_by_role("button", name="A dialog", exact=True).click()
    page.get_by_role("button", name="Another dialog").click()
    wide = page.get_by_role("dialog", name="A wide dialog")
    expect(wide).to_be_visible()
    expect(page.get_by_role("dialog", name="A dialog", exact=True)).to_be_hidden()
    page.go_back()
    expect(wide).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/kit/?$"))


def test_a_link_to_a_dialog_opens_it_and_a_reload_does_again(open_page: Opening) -> None:
    page = open_page("/kit?dialog=kit-wide")
    dialog = page.get_by_role("dialog", name="A wide dialog")
    expect(dialog).to_be_visible()
    box = dialog.bounding_box()
    assert box is not None
    assert box["width"] == 760
    page.reload()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/kit/?$"))


def test_what_was_typed_is_there_when_the_dialog_opens_again(open_page: Opening) -> None:
    page = open_page("/kit?dialog=kit-dialog")
    dialog = page.get_by_role("dialog", name="A dialog", exact=True)
    dialog.get_by_label("Name").fill("checkout-api")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="A dialog", exact=True).click()
    expect(dialog.get_by_label("Name")).to_have_value("checkout-api")


def test_a_menu_inside_a_dialog_closes_before_the_dialog_does(open_page: Opening) -> None:
    page = open_page("/kit?dialog=kit-dialog")
    dialog = page.get_by_role("dialog", name="A dialog", exact=True)
    dialog.get_by_role("button", name="More").click()
    item = page.get_by_role("menuitem", name="Settings")
    expect(item).to_be_focused()
    page.keyboard.press("Escape")
    expect(item).to_be_hidden()
    expect(dialog).to_be_visible()


def test_a_pull_on_the_handle_closes_a_sheet_of_a_phone(open_page: Opening) -> None:
    page = open_page("/kit?dialog=kit-dialog", size="phone")
    dialog = page.get_by_role("dialog", name="A dialog", exact=True)
    expect(dialog).to_be_visible()
    session = page.context.new_cdp_session(page)
    box = dialog.locator(".sheet-handle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    for kind, at in (("touchStart", y), ("touchMove", y + 60), ("touchMove", y + 140)):
        points = [{"x": x, "y": at}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_dialog_reads_well(open_page: Opening, size: str, scheme: str) -> None:
    page = open_page("/kit?dialog=kit-dialog", size=size, scheme=scheme)
    expect(page.get_by_role("dialog", name="A dialog", exact=True)).to_be_visible()
    assert violations(page) == []
    shoot(page, "dialog")
