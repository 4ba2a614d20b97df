"""What strangers and owners see first: a door, a small page, and words for what is missing."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.browser import visitor
from tests.support.rest import OWNER, Rest
from tests.support.visit import SIZES, Opening, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

FIRST_PAGE_BYTES = 260 * 1024
SIGN_IN = re.compile(r"/sign-in/?(\?.*)?$")
"""Reflex comes without the slash, a full load with it."""
NOWHERE = "01a20958-e49b-7000-93cd-355797a26729"


@pytest.fixture(scope="module")
def environment(rest: Rest) -> str:
    """An environment that is an empty folder; returns its id."""
    script = "echo set up; git init -q ."
    return rest.environment("scratch", setupMode="manual", setupScript=script)["id"]


def _fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_in_by_it(
    browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    assert rest.token  # there is an owner
    with visitor(browser, board.url) as page:
        page.goto(f"/threads/{NOWHERE}")
        page.wait_for_url(SIGN_IN)
        _fill(page, {"email": OWNER["email"], "password": "wrong password"})
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert").first).to_contain_text("do not belong together")
        expect(page.locator("[name=email]")).to_have_value(OWNER["email"])
        _fill(page, {"password": OWNER["password"]})
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not SIGN_IN.search(url))
        (cookie,) = page.context.cookies()
        assert cookie.get("httpOnly") is True
        assert cookie.get("sameSite") == "Lax"
        of_browser = {"Cookie": f"{cookie.get('name')}={cookie.get('value')}"}
        assert Rest(board.url).call("GET", "/api/me", headers=of_browser)[0] == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_door_fits_the_screen_and_axe_finds_nothing(
    browser: Browser, board: BoardProcess, rest: Rest, size: str, scheme: str
) -> None:
    assert rest.token  # there is an owner, so strangers sign in
    with visitor(browser, board.url, size=SIZES[size], scheme=scheme) as page:
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]


def test_who_is_signed_in_already_has_no_use_for_the_door(open_page: Opening) -> None:
    page = open_page("/sign-in")
    page.wait_for_url(lambda url: not SIGN_IN.search(url))
    expect(page.get_by_role("button", name=re.compile("Your menu"))).to_be_visible()


@pytest.mark.parametrize("noun", ["thread", "environment"])
def test_what_is_not_there_says_so(open_page: Opening, noun: str) -> None:
    page = open_page(f"/{noun}s/{NOWHERE}")
    expect(page.get_by_role("heading", name=f"There is no such {noun}")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_nothing_is_wider_than_the_screen_and_axe_finds_nothing(
    open_page: Opening, environment: str, size: str, scheme: str
) -> None:
    page = open_page(size=size, scheme=scheme)
    for path in ("/", f"/environments/{environment}"):
        page.goto(path)
        expect(page.get_by_text("scratch").locator("visible=true").first).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.evaluate("document.documentElement.classList.contains('dark')") == (
        scheme == "dark"
    )


def test_the_first_page_is_small_and_comes_from_the_board_alone(
    page: Page, board: BoardProcess
) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loaded: list[float] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    elsewhere: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(board.url) else elsewhere.append(r.url))
    page.goto("/", wait_until="networkidle")
    assert not [url for url in elsewhere if not re.match(r"(data|blob|ws):", url)]
    assert 0 < sum(loaded) < FIRST_PAGE_BYTES
