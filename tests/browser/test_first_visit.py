"""From the console's code to a finished thread on the sample, by clicking only."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import BoardProcess, board_process
from tests.support.browser import visitor
from tests.support.rest import Rest
from tests.support.visit import PATIENCE, SIZES, shoot, sign_in, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SIGN_IN = re.compile(r"/sign-in/?$")
PERSON = {"name": "Ada", "email": "ada@example.org", "password": "correct horse battery staple"}
LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def stranger(browser: Browser, board: BoardProcess) -> Iterator[Page]:
    """Somebody with a browser, who stays the same through this module."""
    with visitor(browser, board.url, size=SIZES["desktop"]) as page:
        page.set_default_timeout(PATIENCE)
        yield page


def look(page: Page, name: str) -> None:
    """Look at a page in both sizes and both themes."""
    for size, scheme in LOOKS:
        page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
        page.evaluate(f"document.documentElement.className = '{scheme}'")
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        assert violations(page) == [], (name, size, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        shoot(page, name)
    page.set_viewport_size({"width": SIZES["desktop"][0], "height": SIZES["desktop"][1]})


def refusal_of(page: Page, label: str) -> str:
    """Return what stands below a field, as a screen reader is told it."""
    field = page.get_by_label(label)
    expect(field).to_have_attribute("aria-invalid", "true")
    ids = (field.get_attribute("aria-describedby") or "").split()
    return " ".join(page.locator(f"[id='{one}']").inner_text() for one in ids)


def test_a_refusal_of_the_set_up_stands_below_its_field(
    stranger: Page, board: BoardProcess
) -> None:
    page = stranger
    page.goto("/")
    page.wait_for_url(re.compile(r"/setup/?$"))
    look(page, "set-up")
    create = page.get_by_role("button", name="Create account")
    create.click()
    for label in ("Set-up code", "Your name", "E-mail", "Password"):
        assert "Fill this in." in refusal_of(page, label)
    expect(page.get_by_label("Set-up code")).to_be_focused()
    page.get_by_label("Your name").fill(PERSON["name"])
    expect(page.get_by_label("Your name")).not_to_have_attribute("aria-invalid", "true")
    page.get_by_label("E-mail").fill("nobody")
    page.get_by_label("Password").fill("short")
    page.get_by_label("Set-up code").fill("AAAA-AAAA-AAAA-AAAA")
    create.click()
    assert "not an e-mail address" in refusal_of(page, "E-mail")
    assert "At least 10 characters." in refusal_of(page, "Password")
    page.get_by_label("E-mail").fill(PERSON["email"])
    page.get_by_label("Password").fill(PERSON["password"])
    create.click()
    assert "not the set-up code" in refusal_of(page, "Set-up code")
    assert "It works once." in refusal_of(page, "Set-up code")
    expect(page.get_by_label("Your name")).to_have_value("Ada")
    look(page, "set-up-refused")


def check_the_other_way(page: Page) -> None:
    """Paste an address: it arrives in the wizard, unless a token is in it."""
    page.get_by_role("button", name="Continue").click()
    assert "Paste the address" in refusal_of(page, "Address")
    page.get_by_label("Address").fill("https://me:secret@github.com/acme/demo")
    page.keyboard.press("Enter")
    assert "Leave the user name and the token out" in refusal_of(page, "Address")
    page.get_by_label("Address").fill("https://github.com/acme/checkout-api/tree/next")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/environments/new/?$"))
    address = page.get_by_label("Repository address")
    expect(address).to_have_value("https://github.com/acme/checkout-api")
    expect(page.get_by_label("Branch")).to_have_value("next")
    page.go_back()
    page.wait_for_url(re.compile(r":\d+/$"))


def test_the_way_to_a_finished_thread_is_five_clicks(stranger: Page, board: BoardProcess) -> None:
    page = stranger
    page.get_by_label("Set-up code").fill(board.setup_code())
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(f"{board.url}/")
    expect(page.get_by_role("button", name="Try the sample")).to_be_visible()
    expect(page.get_by_text("1 node online").locator("visible=true")).to_be_visible()
    look(page, "first-steps")
    check_the_other_way(page)
    page.get_by_role("button", name="Try the sample").click()
    page.wait_for_url("**/environments/*dialog=map*")
    expect(page.locator(".pill[data-kind=ready]").locator("visible=true").first).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="New thread").click()
    page.get_by_role("button", name="Run the tests").click()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/threads/*")
    expect(page.get_by_text("OK (skipped=1)").first).to_be_visible()


def test_the_first_screen_then_offers_the_composer_and_the_last_threads(stranger: Page) -> None:
    page = stranger
    page.goto("/")
    expect(page.get_by_role("heading", name="What is next in sample?")).to_be_visible()
    recent = page.get_by_role("region", name="Recent threads")
    expect(recent.get_by_role("link")).to_have_count(1)
    look(page, "home")
    recent.get_by_role("link").click()
    page.wait_for_url("**/threads/*")


def test_the_sample_a_second_time_is_the_same_one(stranger: Page) -> None:
    answers = [stranger.request.post("/api/environments/sample") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]


def test_signing_out_and_in_again_leads_back(stranger: Page) -> None:
    page = stranger
    page.goto("/")
    page.get_by_role("button", name="Your menu, Ada").locator("visible=true").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url(SIGN_IN)
    look(page, "sign-in")
    page.get_by_label("E-mail").fill(PERSON["email"])
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.get_by_label("Password").fill(PERSON["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="What is next in sample?")).to_be_visible()


def test_without_a_node_the_sample_leads_to_adding_one(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with board_process(tmp_path_factory.mktemp("nodeless")) as board:
        rest = Rest(board.url)
        rest.become_owner(board.setup_code())
        with visitor(browser, board.url) as page:
            page.set_default_timeout(PATIENCE)
            sign_in(page, rest)
            page.goto("/")
            expect(page.get_by_text("it is set up on your first node")).to_be_visible()
            page.get_by_role("button", name="Try the sample").click()
            expect(page.get_by_role("button", name="Waiting for a node…")).to_be_visible()
            page.wait_for_url("**/environments/*dialog=map*")
            expect(page.get_by_role("button", name="Add node").first).to_be_visible()
