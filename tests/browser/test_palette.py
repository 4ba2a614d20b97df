"""The palette, the keys, the person's menu and the tab's own signs."""

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.board_process import BoardProcess
from tests.support.processes import wait_until
from tests.support.rest import Rest
from tests.support.visit import READY, Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def own_node(rest: Rest) -> dict[str, str]:
    """Return the node of the board's own machine, once it is there."""

    def found() -> dict[str, str] | None:
        nodes = rest.get("/api/nodes")["nodes"]
        return next((node for node in nodes if node["link"] == "connected"), None)

    return wait_until(found, what="the board's own node")


@pytest.fixture(scope="module")
def environment(rest: Rest) -> dict[str, str]:
    made = rest.environment("checkout-api", setupMode="manual", setupScript="true")
    rest.prepared(rest.map(made, own_node(rest)["id"])["id"])
    rest.thread(made, title="Fix flaky webhook retry test")
    rest.thread(made, title="Upgrade the ledger")
    return made


def ready(page: Page) -> Page:
    expect(page.get_by_role("button", name=re.compile("^Your menu, Ada"))).to_be_visible()
    return page


def test_the_palette_finds_a_thread_by_keys_alone(
    open_page: Opening, environment: dict[str, str]
) -> None:
    page = ready(open_page("/nodes"))
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Search and commands")
    field = dialog.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(dialog.get_by_role("option", name="Create environment")).to_be_visible()
    page.keyboard.type("webhook")
    expect(dialog.get_by_role("option")).to_have_count(1)
    expect(dialog.get_by_role("option", name="Fix flaky webhook retry test")).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/threads/[0-9a-f-]{36}$"))
    expect(dialog).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/nodes/?$"))


def test_arrows_go_round_and_escape_leaves_the_page_as_it_was(
    open_page: Opening, environment: dict[str, str]
) -> None:
    page = ready(open_page("/"))
    opener = page.get_by_role("button", name="Search and commands")
    opener.click()
    dialog = page.get_by_role("dialog", name="Search and commands")
    for name in ("checkout-api", "Upgrade the ledger"):  # asked for apart: the list is whole
        expect(dialog.get_by_role("option", name=name)).to_be_visible()
    options = dialog.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.type("no such thing")
    expect(dialog.get_by_text("Nothing is called “no such thing”.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_key_is_a_letter_while_somebody_types(
    open_page: Opening, environment: dict[str, str]
) -> None:
    page = ready(open_page(f"/environments/{environment['id']}"))
    box = page.get_by_role("main").get_by_role("textbox").first
    box.click()
    page.keyboard.type("why?")
    expect(box).to_have_value("why?")
    assert "dialog" not in page.url
    box.blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog.get_by_text("Search and commands")).to_be_visible()
    assert violations(page) == []
    shoot(page, "shortcuts")


def test_the_theme_is_chosen_in_the_persons_menu_and_kept(open_page: Opening) -> None:
    page = ready(open_page("/"))
    button = page.get_by_role("button", name="Your menu, Ada")
    button.click()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitemradio", name="As the system")).to_be_checked()
    assert violations(page) == []
    shoot(page, "user-menu")
    menu.get_by_role("menuitemradio", name="Dark").click()
    expect(menu).to_be_hidden()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    expect(button).to_be_focused()
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.wait_for_selector(READY, state="attached")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search and commands")).to_be_focused()
    page.keyboard.type("light theme")
    page.keyboard.press("Enter")
    expect(page.locator("html")).not_to_have_class(re.compile("dark"))


def test_arrow_keys_walk_the_menu_and_escape_gives_the_focus_back(open_page: Opening) -> None:
    page = ready(open_page("/"))
    button = page.get_by_role("button", name="Your menu, Ada")
    button.focus()
    page.keyboard.press("Enter")
    first = page.get_by_role("menuitem", name="Settings")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Keyboard shortcuts")).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(button).to_be_focused()


def told(board: BoardProcess, rest: Rest, run: str, status: str) -> None:
    """Put a run into a status that only an agent brings about."""
    (file,) = Path(board.data).glob("*.sqlite3")
    with sqlite3.connect(file, timeout=30) as db:
        db.execute("UPDATE runs SET status = ? WHERE id = ?", (status, run.replace("-", "")))
    rest.patch("/api/me", {"name": "Ada"})  # the page hears that something changed


def test_the_tab_tells_what_runs_and_who_waits(
    open_page: Opening, board: BoardProcess, rest: Rest, environment: dict[str, str]
) -> None:
    thread = rest.thread(environment, title="Wait")
    page = ready(open_page("/"))
    run = rest.run_of(thread, rest.say(thread, "read -t 600 nothing < <(:; sleep 600)"))
    rest.run_status(run["id"], "running")
    expect(page).to_have_title(re.compile(r"^▸1 .+ · OpenViber$"))
    assert "data:image/svg" in str(page.locator("link[rel=icon]").get_attribute("href"))
    told(board, rest, run["id"], "waiting_approval")
    expect(page).to_have_title(re.compile(r"^\(1\) .+ · OpenViber$"))
    expect(page.get_by_text("1 thread needs you")).to_be_attached()
    shoot(page, "needs-you")
    told(board, rest, run["id"], "running")
    rest.post(f"/api/runs/{run['id']}/stop")
    rest.finished(run["id"])
    expect(page).to_have_title(re.compile(r"^Board · OpenViber$"))
    expect(page.locator("link[rel=icon]")).to_have_attribute("href", "/favicon.svg")


def test_who_signs_out_is_at_the_door(open_page: Opening, rest: Rest, board: BoardProcess) -> None:
    page = open_page("/")
    page.goto("about:blank")  # a page whose session is gone would go to the door by itself
    page.context.clear_cookies()  # this session is that of every other test
    answer = page.request.post(
        "/api/sessions",
        data={"email": "ada@example.org", "password": "correct horse battery staple"},
        headers={"origin": board.url},
    )
    assert answer.ok
    page.goto("/")
    page.wait_for_selector(READY, state="attached")
    ready(page).get_by_role("button", name="Your menu, Ada").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url(re.compile(r"/sign-in/?$"))
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_palette_reads_well(
    open_page: Opening, environment: dict[str, str], size: str, scheme: str
) -> None:
    page = open_page("/?dialog=palette", size=size, scheme=scheme)
    dialog = page.get_by_role("dialog", name="Search and commands")
    expect(dialog.get_by_role("option", name="checkout-api")).to_be_visible()
    assert violations(page) == []
    shoot(page, "palette")
