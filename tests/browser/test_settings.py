"""The settings, by clicking."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.board_process import BoardProcess
from tests.support.rest import OWNER, RefusedError, Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SECTIONS = ("profile", "sessions", "tokens", "appearance", "shortcuts", "people", "keys")


def sign_in_elsewhere(page: Page, board: BoardProcess, password: str = OWNER["password"]) -> int:
    """Sign in as another browser would, and return the answer's status."""
    answer = page.context.browser.new_context(base_url=board.url)  # type: ignore[union-attr]
    try:
        body = {"email": OWNER["email"], "password": password}
        headers = {"origin": board.url, "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/150.0"}
        return answer.request.post("/api/sessions", data=body, headers=headers).status
    finally:
        answer.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_section_reads_well(open_page: Opening, size: str, scheme: str) -> None:
    page = open_page("/settings", size=size, scheme=scheme)
    for section in SECTIONS:
        page.goto(f"/settings?section={section}")
        expect(page.locator(".settings-section").first).to_be_visible()
        expect(page.get_by_text("Loading")).to_have_count(0)
        assert violations(page) == []
        shoot(page, f"settings-{section}")


def test_a_section_is_a_link_that_back_and_a_reload_keep(open_page: Opening) -> None:
    page = open_page("/settings")
    sections = page.get_by_role("navigation", name="Settings")
    expect(sections.get_by_role("link", name="Profile")).to_have_attribute("aria-current", "page")
    sections.get_by_role("link", name="API tokens").click()
    expect(page).to_have_url(re.compile(r"/settings\?section=tokens$"))
    page.reload()
    expect(page.get_by_role("heading", name="API tokens")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Name")).to_have_value("Ada")


def test_a_new_name_is_everywhere_at_once(open_page: Opening, rest: Rest) -> None:
    page = open_page("/settings")
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("button", name="Your menu, Ada Lovelace")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Ada Lovelace")
    rest.patch("/api/me", {"name": "Ada"})


def test_another_address_asks_for_the_password_and_says_what_is_wrong_at_its_field(
    open_page: Opening,
) -> None:
    page = open_page("/settings")
    page.get_by_label("E-mail").fill("lovelace@example.org")
    password = page.locator("#profile-currentPassword")
    password.fill("not this one")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#profile-currentPassword-refusal")).to_have_text(
        "This is not your current password."
    )
    expect(password).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("lovelace@example.org")


def test_a_new_password_ends_the_other_sessions(
    open_page: Opening, board: BoardProcess, rest: Rest
) -> None:
    page = open_page("/settings")
    assert sign_in_elsewhere(page, board) == 201
    for old, new in (
        (OWNER["password"], "another long one"),
        ("another long one", OWNER["password"]),
    ):
        page.locator("#password-currentPassword").fill(old)
        page.locator("#password-newPassword").fill(new)
        page.get_by_role("button", name="Change password").click()
        expect(page.get_by_text("Every other session has ended.")).to_be_visible()
        expect(page.locator("#password-newPassword")).to_have_value("")
        page.reload()
    page.goto("/settings?section=sessions")
    expect(page.locator(".settings-row")).to_have_count(1)
    expect(page.get_by_text("this browser")).to_be_visible()
    (cookie,) = page.context.cookies()
    old, rest.cookie = rest.cookie, f"{cookie.get('name')}={cookie.get('value')}"
    assert rest.cookie != old  # whoever had copied the cookie has nothing


def test_another_browser_is_signed_out_from_here(open_page: Opening, board: BoardProcess) -> None:
    page = open_page("/settings")
    for _ in range(3):
        assert sign_in_elsewhere(page, board) == 201
    page.goto("/settings?section=sessions")
    others = page.get_by_role("button", name="Sign out Firefox on Linux")
    expect(others).to_have_count(3)
    others.first.click()
    expect(others).to_have_count(2)
    page.get_by_role("button", name="Sign out everywhere else").click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("2 other browsers are signed out")
    assert violations(page) == []
    shoot(page, "confirm")
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    expect(others).to_have_count(2)
    page.get_by_role("button", name="Sign out everywhere else").click()
    asked.get_by_role("button", name="Sign out").click()
    expect(page.locator(".settings-row")).to_have_count(1)


def test_a_token_is_shown_once_works_and_is_revoked(
    open_page: Opening, board: BoardProcess, rest: Rest
) -> None:
    page = open_page("/settings?section=tokens")
    page.get_by_label("Name").fill("nightly build")
    page.get_by_label("Write").uncheck()
    page.get_by_role("button", name="Create token").click()
    value = page.get_by_role("region", name="Token nightly build").inner_text()
    assert violations(page) == []
    program = Rest(board.url, token=value)
    assert program.get("/api/me")["name"] == "Ada"
    with pytest.raises(RefusedError, match="no scope write"):
        program.patch("/api/me", {"name": "Eve"})
    expect(page.locator(".settings-row", has_text="nightly build")).to_contain_text("read, run")
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_text(value)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("nightly build")).to_be_visible()
    assert value not in page.content()
    page.get_by_role("button", name="Revoke nightly build").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("nightly build")).to_have_count(0)
    with pytest.raises(RefusedError):
        Rest(board.url, token=value).get("/api/me")


def test_the_theme_follows_the_choice_at_once(open_page: Opening) -> None:
    page = open_page("/settings?section=appearance")
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.reload()
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
