"""Every part of the kit in every state."""

import pytest
from playwright.sync_api import expect

from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_part_reads_well(open_page: Opening, size: str, scheme: str) -> None:
    page = open_page("/kit", size=size, scheme=scheme)
    expect(page.get_by_role("heading", name="The kit")).to_be_visible()
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (page.viewport_size or {"width": 0})["width"]
    shoot(page, "kit")


def test_a_menu_keeps_within_the_window_and_skips_what_cannot_be_done(open_page: Opening) -> None:
    page = open_page("/kit")
    button = page.get_by_role("button", name="Menu", exact=True)
    button.click()
    menu = page.get_by_role("menu", name="Menu", exact=True)
    box, view = menu.bounding_box(), page.viewport_size
    assert box is not None
    assert view is not None
    assert box["x"] >= 0
    assert box["y"] + box["height"] <= view["height"]
    page.keyboard.press("d")
    expect(menu.get_by_role("menuitem", name="Delete")).to_be_focused()
    assert violations(page) == []
    menu.get_by_role("menuitem", name="Archive").click(force=True)
    expect(menu).to_be_visible()
    button.click()
    expect(menu).to_be_hidden()


def test_a_choice_is_found_by_typing_and_what_is_left_half_typed_is_put_back(
    open_page: Opening,
) -> None:
    page = open_page("/kit")
    field = page.get_by_role("combobox", name="Base branch")
    expect(field).to_have_value("main")
    field.click()
    options = page.get_by_role("listbox", name="Base branch").get_by_role("option")
    expect(options).to_have_count(3)
    page.keyboard.type("rel")
    expect(options).to_have_count(1)
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(field).to_have_value("release/1.4")
    field.click()
    page.keyboard.type("nothing like it")
    expect(page.get_by_text("Nothing is called that.")).to_be_visible()
    page.keyboard.press("Tab")
    expect(field).to_have_value("release/1.4")


def test_a_copied_text_is_on_the_clipboard_and_says_so(open_page: Opening) -> None:
    page = open_page("/kit")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "uv tool install openviber"


def test_a_hint_is_shown_on_focus(open_page: Opening) -> None:
    page = open_page("/kit")
    hint = page.get_by_role("tooltip", name="A few words", include_hidden=True)
    expect(hint).to_be_hidden()
    page.get_by_role("button", name="Hover me").focus()
    expect(hint).to_be_visible()
