"""The first page, in a real browser, on a real board with the node of its own machine."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import BoardProcess, board_process
from tests.support.browser import DESKTOP, PHONE, chromium, visitor
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PERSON = {
    "name": "Ada",
    "email": "ada@example.org",
    "password": "correct horse battery staple",
}
FIRST_PAGE_BYTES = 260 * 1024
PATIENCE = 60_000
SIGN_IN = re.compile(r"/sign-in/?$")
"""Reflex comes without the slash, a full load with it."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    folder = tmp_path_factory.mktemp("board")
    with board_process(folder, arguments=("--with-node",)) as started:
        yield started


@pytest.fixture(scope="module")
def owner(board: BoardProcess, browser: Browser) -> dict[str, str]:
    """The owner's cookie, got by filling in the set-up page."""
    with visitor(browser, board.url) as page:
        page.goto("/")
        page.wait_for_url("**/setup", timeout=PATIENCE)
        fill(page, {"code": "AAAA-AAAA-AAAA-AAAA", **PERSON})
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("alert")).to_contain_text("not the set-up code", timeout=PATIENCE)
        expect(page.locator("[name=name]")).to_have_value("Ada")
        fill(page, {"code": board.setup_code()})
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url(f"{board.url}/", timeout=PATIENCE)
        (cookie,) = page.context.cookies()
        assert cookie.get("httpOnly") is True
        assert cookie.get("sameSite") == "Lax"
        return {
            "name": cookie.get("name", ""),
            "value": cookie.get("value", ""),
            "url": board.url,
        }


@pytest.fixture
def page(browser: Browser, board: BoardProcess, owner: dict[str, str]) -> Iterator[Page]:
    with visitor(browser, board.url, size=DESKTOP) as opened:
        opened.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        opened.context.add_cookies([{**owner}])  # pyright: ignore[reportArgumentType]
        yield opened


@pytest.fixture(scope="module")
def environment(board: BoardProcess, owner: dict[str, str], browser: Browser) -> str:
    """An environment that is an empty folder; returns its id."""
    with visitor(browser, board.url) as page:
        page.context.add_cookies([{**owner}])  # pyright: ignore[reportArgumentType]
        made = page.request.post(
            "/api/environments",
            data={
                "name": "scratch",
                "type": "manual",
                "setupMode": "manual",
                "setupScript": "echo set up; git init -q .",
            },
            headers={"origin": board.url},
        )
        return made.json()["id"]


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]


def test_a_stranger_is_sent_to_the_sign_in_page(
    browser: Browser, board: BoardProcess, owner: dict[str, str]
) -> None:
    assert owner
    with visitor(browser, board.url) as page:
        page.goto("/threads/01a20958-e49b-7000-93cd-355797a26729")
        page.wait_for_url(SIGN_IN, timeout=PATIENCE)
        fill(page, {"email": PERSON["email"], "password": "wrong password"})
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        fill(page, {"password": PERSON["password"]})
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{board.url}/", timeout=PATIENCE)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(SIGN_IN, timeout=PATIENCE)
        assert page.context.cookies() == []


def test_an_environment_becomes_ready_and_a_thread_runs_live(page: Page, environment: str) -> None:
    page.goto("/")
    expect(page.get_by_text("1 node online")).to_be_visible()
    page.goto(f"/environments/{environment}")
    page.get_by_role("button", name="Map to node").click()
    page.locator("#map input[type=radio]").click()
    page.get_by_role("button", name="Prepare environment").click()
    expect(page.locator("header .pill[data-kind=ready]")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_role("textbox", name="Script").fill("echo one; read -t 3; echo x > new; exit 3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/*")
    log = page.get_by_role("log", name="Output of the run")
    expect(log).to_contain_text("one")
    expect(page.locator(".run[data-status=failed]")).to_contain_text("exit 3 · 1 file")
    expect(page.get_by_role("navigation", name="Threads")).to_contain_text("failed: exit 3")
    expect(page.get_by_role("list", name="Changed files")).to_contain_text("new")
    page.reload()
    expect(log).to_contain_text("one")
    expect(page.locator(".run")).to_have_count(1)


def test_what_is_typed_outlives_a_killed_board_and_the_page_goes_on(
    page: Page, board: BoardProcess, environment: str
) -> None:
    page.goto(f"/environments/{environment}")
    box = page.get_by_role("textbox", name="Script")
    box.fill("echo survived")
    board.kill()
    expect(page.get_by_text("reconnecting…")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    expect(box).to_have_value("echo survived")
    board.restart()
    expect(page.get_by_text("reconnecting…")).to_be_hidden()
    page.reload()
    expect(box).to_have_value("echo survived")
    box.press("Enter")
    page.wait_for_url("**/threads/*")
    expect(page.get_by_role("log", name="Output of the run")).to_contain_text("survived")


def test_what_is_not_there_says_so(page: Page) -> None:
    page.goto("/threads/01a20958-e49b-7000-93cd-355797a26729")
    expect(page.get_by_role("heading", name="There is no such thread")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser,
    board: BoardProcess,
    owner: dict[str, str],
    environment: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    with visitor(browser, board.url, size=size, scheme=scheme) as page:
        page.goto("/sign-in")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert violations(page) == []
        page.context.add_cookies([{**owner}])  # pyright: ignore[reportArgumentType]
        for path in ("/", f"/environments/{environment}"):
            page.goto(path)
            expect(page.get_by_text("scratch").locator("visible=true").first).to_be_visible()
            assert violations(page) == []
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0]
        assert page.evaluate("document.documentElement.className") == scheme


def test_the_first_page_is_small(page: Page, board: BoardProcess) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    loaded: list[float] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    elsewhere: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(board.url) else elsewhere.append(r.url))
    page.goto("/", wait_until="networkidle")
    assert not [url for url in elsewhere if not re.match(r"(data|blob|ws):", url)]
    assert 0 < sum(loaded) < FIRST_PAGE_BYTES


def test_the_api_sees_what_the_page_did(board: BoardProcess, owner: dict[str, str]) -> None:
    rest = Rest(board.url)
    status, _, _ = rest.call(
        "GET", "/api/me", headers={"Cookie": f"{owner['name']}={owner['value']}"}
    )
    assert status == 200


def test_the_command_for_another_machine_is_shown_once(page: Page, board: BoardProcess) -> None:
    page.goto("/")
    page.get_by_text("1 node online").click()
    page.get_by_role("button", name="+ Add node").click()
    page.get_by_label("Name").locator("visible=true").fill("studio-02")
    page.get_by_role("button", name="Make the command").click()
    expect(page.get_by_label("The answer")).to_contain_text(f"{board.url}/api/daemon/install.py")
