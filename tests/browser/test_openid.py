"""Signing in by a provider of one's own, by clicking: a real board, a real provider, Chromium."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import BoardProcess, board_process
from tests.support.browser import visitor
from tests.support.oidc_provider import RealProvider, real_provider
from tests.support.rest import OWNER, Rest
from tests.support.visit import PATIENCE, READY, SIZES, Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PROFILE = re.compile(r"/settings/?\?section=profile$")
SECRET = "a-client-secret-that-nobody-sees"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvider]:
    with real_provider(tmp_path_factory.mktemp("acme")) as provider:
        provider.set_person("grace", email="grace@acme.test", email_verified=True, name="Grace H")
        provider.set_person("ada", email=OWNER["email"], email_verified=True, name="Ada at Acme")
        yield provider


@pytest.fixture(scope="module")
def board(acme: RealProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    settings = {
        "OIDC_ISSUER": acme.url,
        "OIDC_CLIENT_ID": "board",
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "Acme",
        "OIDC_SIGNUP": "anyone",
    }
    with board_process(tmp_path_factory.mktemp("board"), settings=settings) as started:
        yield started


@pytest.fixture
def traveller(browser: Browser, board: BoardProcess, rest: Rest) -> Iterator[Page]:
    """Somebody's browser that may visit the provider too, and nobody else."""
    assert rest.token  # the board has its owner
    context = browser.new_context(base_url=board.url)
    context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: route.abort())
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def _prove(page: Page, sub: str) -> None:
    page.locator("input[name=sub]").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_somebody_new_continues_with_the_provider_and_is_where_they_wanted_to_be(
    traveller: Page, board: BoardProcess
) -> None:
    traveller.goto("/sign-in?next=%2Fsettings%3Fsection%3Dprofile")
    traveller.get_by_role("link", name="Continue with Acme").click()
    _prove(traveller, "grace")
    traveller.wait_for_url(PROFILE)
    expect(traveller.get_by_label("Name")).to_have_value("Grace H")
    expect(traveller.get_by_text("Your only way in")).to_be_visible()
    cookies = {one["name"]: one for one in traveller.context.cookies(board.url)}  # pyright: ignore[reportTypedDictNotRequiredAccess]
    assert set(cookies) == {"openviber_session"}
    assert SECRET not in board.process.output()


def test_an_owner_with_a_password_is_told_to_connect_and_then_comes_in_without_it(
    traveller: Page,
) -> None:
    traveller.goto("/sign-in")
    traveller.get_by_role("link", name="Continue with Acme").click()
    _prove(traveller, "ada")
    expect(traveller.get_by_role("alert").first).to_contain_text("has a password: sign in with it")
    traveller.fill("[name=email]", OWNER["email"])
    traveller.fill("[name=password]", OWNER["password"])
    traveller.get_by_role("button", name="Sign in").click()
    traveller.wait_for_url(PROFILE)
    traveller.wait_for_selector(READY, state="attached")
    traveller.locator("#connect-currentPassword").fill(OWNER["password"])
    traveller.get_by_role("button", name="Connect Acme").click()
    _prove(traveller, "ada")
    traveller.wait_for_url(PROFILE)
    expect(traveller.get_by_role("button", name="Disconnect Acme")).to_be_visible()
    traveller.goto("about:blank")  # a page whose session ends goes to the door by itself
    traveller.context.clear_cookies()
    traveller.goto("/sign-in")
    traveller.get_by_role("link", name="Continue with Acme").click()
    _prove(traveller, "ada")
    expect(traveller.get_by_role("button", name=f"Your menu, {OWNER['name']}")).to_be_visible()
    traveller.goto("/settings?section=profile")
    traveller.get_by_role("button", name="Disconnect Acme").click()
    traveller.get_by_role("button", name="Disconnect", exact=True).last.click()
    expect(traveller.get_by_role("button", name="Connect Acme")).to_be_visible()


def test_an_invite_is_taken_up_on_the_way_and_stands_in_no_address(
    traveller: Page, acme: RealProvider, rest: Rest
) -> None:
    acme.set_person("linus", email="linus@acme.test", email_verified=True, name="Linus")
    link = rest.post("/api/invites", {"role": "admin", "note": "Linus"})["link"]
    address, _, token = link.partition("#")
    asked: list[str] = []
    traveller.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    traveller.goto(link)
    traveller.get_by_role("button", name="Continue with Acme").click()
    _prove(traveller, "linus")
    expect(traveller.get_by_role("button", name="Your menu, Linus")).to_be_visible()
    assert traveller.request.get("/api/me").json()["role"] == "admin"  # as the invite says
    assert rest.get("/api/invites")["invites"] == []
    assert any(url.rstrip("/") == address for url in asked)
    assert not [url for url in asked if token in url]


def test_a_link_that_lost_its_invite_leads_nowhere(
    browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    assert rest.token  # the board has its owner
    with visitor(browser, board.url) as page:
        page.goto("/join")
        page.get_by_role("button", name="Continue with Acme").click()
        expect(page.locator(".openid").get_by_role("alert")).to_contain_text("not the whole link")
        assert page.url.rstrip("/") == f"{board.url}/join"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_door_and_the_profile_look_right(
    browser: Browser, board: BoardProcess, open_page: Opening, size: str, scheme: str
) -> None:
    with visitor(browser, board.url, size=SIZES[size], scheme=scheme) as page:
        page.goto("/sign-in?openid=password")
        expect(page.get_by_role("link", name="Continue with Acme")).to_be_visible()
        expect(page.get_by_role("alert").first).to_contain_text("has a password")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        shoot(page, "openid-door")
        page.goto("/join#ov_invite_x")
        expect(page.get_by_role("button", name="Continue with Acme")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        shoot(page, "openid-join")
    page = open_page("/settings?section=profile&openid=taken", size=size, scheme=scheme)
    expect(page.get_by_role("button", name="Connect Acme")).to_be_visible()
    page.get_by_role("button", name="Connect Acme").scroll_into_view_if_needed()
    assert violations(page) == []
    shoot(page, "openid-profile")
