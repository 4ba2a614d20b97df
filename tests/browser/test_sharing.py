"""Sharing an environment by clicking, and what each of its people then finds."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.browser import visitor
from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import READY, SIZES, Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

GRACE = {"name": "Grace", "email": "grace@example.org", "password": "nanoseconds of wire"}


@pytest.fixture(scope="module")
def shared(rest: Rest) -> dict[str, str]:
    """An environment on a node with a thread of its owner's, and somebody to share it with."""
    made = ready_environment(rest, "skyline")
    rest.post("/api/users", GRACE)
    thread = rest.post("/api/threads", {"environmentId": made["id"], "title": "Draw the city"})
    return {"id": made["id"], "thread": thread["id"]}


@pytest.fixture
def grace(browser: Browser, board: BoardProcess) -> Iterator[Opening]:
    """Open pages as the person with whom it is shared."""
    with ExitStack() as stack:

        def opening(path: str = "/", *, size: str = "desktop", scheme: str = "light") -> Page:
            page = stack.enter_context(visitor(browser, board.url, size=SIZES[size], scheme=scheme))
            body = {"email": GRACE["email"], "password": GRACE["password"]}
            answer = page.request.post("/api/sessions", data=body, headers={"origin": board.url})
            assert answer.status == 201
            page.goto(path)
            page.wait_for_selector(READY, state="attached")
            return page

        yield opening


def give(rest: Rest, shared: dict[str, str], role: str) -> None:
    rest.put(f"/api/environments/{shared['id']}/shares", {"email": GRACE["email"], "role": role})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_owner_shares_changes_and_takes_back(
    open_page: Opening, rest: Rest, shared: dict[str, str], size: str, scheme: str
) -> None:
    page = open_page(f"/environments/{shared['id']}", size=size, scheme=scheme)
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share this environment")
    dialog.get_by_label("E-mail address").fill("nobody@example.org")
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("nobody on this board has this address")
    dialog.get_by_label("E-mail address").fill(GRACE["email"])
    dialog.get_by_label("May", exact=True).select_option("viewer")
    dialog.get_by_role("button", name="Share", exact=True).click()
    people = dialog.get_by_role("list", name="Shared with")
    expect(people).to_contain_text("Grace")
    people.get_by_label("What Grace may do").select_option("runner")
    expect(people.get_by_label("What Grace may do")).to_have_value("runner")
    assert violations(page) == []
    shoot(page, "share")
    people.get_by_role("button", name="Remove Grace").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Stop sharing").click()
    expect(dialog.get_by_text("Only you see this environment")).to_be_visible()
    assert rest.get(f"/api/environments/{shared['id']}/shares")["shares"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_viewer_reads_and_is_told_whom_to_ask(
    grace: Opening, rest: Rest, shared: dict[str, str], size: str, scheme: str
) -> None:
    give(rest, shared, "viewer")
    page = grace(f"/environments/{shared['id']}", size=size, scheme=scheme)
    expect(page.locator("#main > header")).to_contain_text("Shared by Ada")
    words = "You can read this environment. Ask Ada to let you run threads."
    expect(page.locator("#main").get_by_text(words)).to_be_visible()
    expect(page.locator("#main").get_by_role("textbox")).to_have_count(0)
    for name in ("Map to node", "Share", "Prepare again"):
        expect(page.locator("#main").get_by_role("button", name=name, exact=True)).to_have_count(0)
    assert violations(page) == []
    shoot(page, "shared-environment")
    page.goto(f"/threads/{shared['thread']}")
    expect(page.locator("#main").get_by_text(words)).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("script", re.IGNORECASE))).to_have_count(0)
    assert violations(page) == []
    shoot(page, "shared-thread")
    page.goto(f"/environments/{shared['id']}/edit")
    expect(
        page.get_by_text("You can read this environment. Ask Ada to let you edit")
    ).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    assert violations(page) == []
    shoot(page, "shared-form")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_message_names_its_sender_to_the_others(
    open_page: Opening, grace: Opening, rest: Rest, shared: dict[str, str], size: str, scheme: str
) -> None:
    give(rest, shared, "runner")
    thread = rest.post("/api/threads", {"environmentId": shared["id"], "title": f"{size} {scheme}"})
    path = f"/threads/{thread['id']}"
    rest.do(thread, "echo 'of Ada'")
    hers = grace(path, size=size, scheme=scheme)
    expect(hers.get_by_role("article", name="Message of Ada")).to_contain_text("echo 'of Ada'")
    ours = open_page(path, size=size, scheme=scheme)
    expect(ours.get_by_role("article", name="Your message")).to_have_count(1)
    box = hers.get_by_role("textbox", name="Script")
    box.fill("echo 'of Grace'")
    hers.get_by_role("button", name="Send").click()
    for is_again in (False, True):  # as it comes, and from the board's page of it
        if is_again:
            ours.reload()
        theirs = ours.get_by_role("article", name="Message of Grace")
        expect(theirs.locator(".said-by")).to_have_text("Grace")
        expect(theirs.locator(".said")).to_have_text("echo 'of Grace'")
        expect(ours.get_by_role("article", name="Your message")).to_have_count(1)
        expect(ours.locator(".said-by")).to_have_count(1)
        expect(theirs.get_by_text("Worked")).to_be_visible()
    expect(hers.locator(".said-by")).to_have_text(["Ada"])
    expect(ours.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
    assert violations(ours) == []
    shoot(ours, "shared-senders")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_viewers_menu_of_a_thread_has_only_what_they_may_do(
    grace: Opening, rest: Rest, shared: dict[str, str], size: str
) -> None:
    give(rest, shared, "viewer")
    page = grace(f"/?environment={shared['id']}", size=size)
    row = page.locator(".side-row", has_text="Draw the city")
    menu = page.get_by_role("menu", name="Actions of Draw the city")

    def offered() -> list[str]:
        row.click(button="right")
        expect(menu).to_be_visible()
        return menu.get_by_role("menuitem").all_inner_texts()

    assert offered() == ["Pin", "Mark as unread", "Copy link"]
    assert violations(page) == []
    shoot(page, "shared-thread-menu")
    menu.get_by_role("menuitem", name="Pin").click()
    expect(page.get_by_text("Pinned")).to_be_visible()
    row.get_by_role("link").press("F2")
    expect(page.get_by_role("textbox", name="Thread's name")).to_have_count(0)
    assert offered()[0] == "Unpin"
    menu.get_by_role("menuitem", name="Unpin").click()
    expect(page.get_by_text("Pinned")).to_have_count(0)
    row.click(button="right")
    give(rest, shared, "runner")  # the open page learns it, and so does its menu
    items = ["Rename", "Pin", "Mark as unread", "Copy link", "Archive"]
    expect(menu.get_by_role("menuitem")).to_have_text(items)


def test_a_share_comes_and_goes_on_an_open_page(
    grace: Opening, rest: Rest, shared: dict[str, str]
) -> None:
    page = grace("/")
    give(rest, shared, "runner")
    expect(page.get_by_text("shared by Ada").first).to_be_visible()
    (one,) = rest.get(f"/api/environments/{shared['id']}/shares")["shares"]
    page.goto(f"/threads/{shared['thread']}")
    expect(page.get_by_role("heading", name="Draw the city")).to_be_visible()
    rest.delete(f"/api/environments/{shared['id']}/shares/{one['userId']}")
    expect(page.get_by_text("There is no such thread")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_audit_log_is_read_and_filtered(
    open_page: Opening, shared: dict[str, str], rest: Rest, size: str, scheme: str
) -> None:
    give(rest, shared, "editor")
    page = open_page("/settings?section=audit", size=size, scheme=scheme)
    deeds = page.get_by_role("list", name="Deeds")
    expect(deeds).to_contain_text("share")
    page.get_by_label("Which deeds").select_option("environment.")
    expect(deeds.get_by_text("share", exact=False)).to_have_count(0)
    expect(deeds).to_contain_text("skyline")
    page.get_by_label("Which deeds").select_option("node.")
    expect(deeds.get_by_role("listitem").filter(has_text="claimed")).to_contain_text(
        "The node itself"
    )
    page.get_by_label("Search the audit log").fill("no such name")
    expect(page.get_by_text("Nothing of this kind was done")).to_be_visible()
    page.get_by_label("Search the audit log").fill("")
    page.get_by_label("Which deeds").select_option("")
    expect(deeds).to_contain_text("share")
    assert violations(page) == []
    shoot(page, "settings-audit")
