"""Searching threads as one types."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.board_process import BoardProcess
from tests.support.many_threads import Old, fill
from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MINUTE = timedelta(minutes=1)
LONG = "I looked at the ledger first. The webhook is retried by two workers at once, so " * 3
THREADS = (
    Old("Fix flaky webhook retry test", 1 * MINUTE, run="completed", says=[LONG]),
    Old("Upgrade Stripe SDK to v14", 2 * MINUTE, says=["The Wébhooks' signature changed."]),
    Old("Document the ledger schema", 3 * MINUTE, run="completed"),
    Old("Old webhook notes", 30 * MINUTE, status="archived"),
)


@pytest.fixture(scope="module")
def checkout(board: BoardProcess, rest: Rest) -> dict[str, Any]:
    made = ready_environment(rest, "checkout-api")
    fill(board.data, made["id"], THREADS)
    other = rest.environment("storefront-web")
    fill(board.data, other["id"], [Old("A webhook of the shop", 5 * MINUTE)])
    rest.patch(f"/api/environments/{made['id']}/mark", {"isCurrent": True})
    return made


def found(page: Page) -> list[str]:
    return page.get_by_role("list", name="Threads found").locator(".row-title").all_text_contents()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_titles_and_texts_are_found_with_their_words_marked(
    open_page: Opening, checkout: dict[str, Any], size: str, scheme: str
) -> None:
    page = open_page("/", size=size, scheme=scheme)
    field = page.get_by_role("textbox", name="Search threads")
    expect(page.locator(".side-row", has_text="Document the ledger schema")).to_be_visible()
    field.press_sequentially("webh")
    expect(page.locator("[data-found='webh']")).to_be_visible()
    assert found(page) == [THREADS[0].title, THREADS[1].title, THREADS[3].title]
    expect(page.locator("mark", has_text="Wébh")).to_be_visible()
    expect(page.locator(".row-snippet").first).to_contain_text("retried by two workers")
    assert violations(page) == []
    shoot(page, "thread-search")
    field.press("Escape")
    expect(page.locator(".threads-head", has_text="Today")).to_be_visible()
    expect(field).to_have_value("")


def test_nothing_found_leads_to_the_other_environments(
    open_page: Opening, checkout: dict[str, Any]
) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    field = page.get_by_role("textbox", name="Search threads")
    field.fill("shop")
    expect(page.get_by_text("No thread in checkout-api has these words.")).to_be_visible()
    page.get_by_role("button", name="Search all environments").click()
    page.locator(".side-row").get_by_role("link", name="A webhook of the shop").click()
    page.wait_for_url("**/threads/*")
    expect(page.get_by_role("button", name="Environment switcher")).to_contain_text("storefront")
    page.goto("/")
    expect(field).to_have_value("shop")  # a reload loses nothing that was typed
    field.fill("")
    page.get_by_role("button", name="Environment switcher").click()
    page.get_by_role("dialog").get_by_role("link", name="checkout-api").click()
    expect(page.get_by_role("button", name="Environment switcher")).to_contain_text("checkout-api")


def test_arrows_lead_from_the_field_to_what_was_found(
    open_page: Opening, checkout: dict[str, Any]
) -> None:
    page = open_page("/")
    field = page.get_by_role("textbox", name="Search threads")
    field.fill("webhook")
    expect(page.locator("[data-found='webhook']")).to_be_visible()
    field.press("ArrowDown")
    first = page.get_by_role("list", name="Threads found").get_by_role("link").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/*")


def test_a_stale_answer_never_replaces_a_newer_one(
    open_page: Opening, checkout: dict[str, Any]
) -> None:
    page = open_page("/")
    expect(page.locator(".threads-head", has_text="Today")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/threads?*search=webhook*", hold)
    field = page.get_by_role("textbox", name="Search threads")
    with page.expect_request("**/api/threads?*search=webhook*"):
        field.fill("webhook")
    field.fill("ledger sch")
    expect(page.locator("[data-found='ledger sch']")).to_be_visible()
    assert held
    with page.expect_response("**/api/threads?*search=webhook*"):
        held[0].continue_()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert found(page) == ["Document the ledger schema"]


def test_what_is_typed_is_no_syntax(open_page: Opening, checkout: dict[str, Any]) -> None:
    page = open_page("/")
    field = page.get_by_role("textbox", name="Search threads")
    for typed in ('"', "webhook AND (", "owner:x", "NEAR(a b)", "*", "title:webhook"):
        field.fill(typed)
        expect(page.locator("[data-found]").filter(has_text="No thread in")).to_have_attribute(
            "data-found", typed
        )
