"""The sidebar: the threads of an environment, the environments, the nodes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.support.board_process import BoardProcess
from tests.support.many_threads import Old, fill
from tests.support.processes import wait_until
from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THREADS = (
    Old("Fix flaky webhook retry test", run="waiting_approval", node="gpu-box"),
    Old("Upgrade Stripe SDK to v14", timedelta(minutes=4), run="running", node="gpu-box"),
    Old(
        "Add idempotency keys to refunds and to their retries",
        timedelta(minutes=9),
        run="completed",
        lines=(212, 38),
        node="gpu-box",
        is_read=False,
    ),
    Old("Document the ledger schema", 3 * DAY, run="completed", lines=(40, 2), is_pinned=True),
    Old("Migrate to SQLAlchemy 2.1", 3 * DAY, run="failed", exit_code=3, node="gpu-box"),
    Old("Try the new formatter", 4 * DAY, run="stopped", node="gpu-box"),
    Old("First steps", 40 * DAY, run="completed"),
    *(Old(f"Put away {n}", 50 * DAY, run="completed", status="archived") for n in range(18)),
)

SETTLED = """() => Promise.all(document.getAnimations()
    .filter((one) => one.animationName !== "turn").map((one) => one.finished))"""


@pytest.fixture(scope="module")
def checkout(board: BoardProcess, rest: Rest) -> dict[str, Any]:
    """A ready environment with threads of every kind, a stale one, and one on no node."""
    made = ready_environment(rest, "checkout-api")
    fill(board.data, made["id"], THREADS)
    stale = ready_environment(rest, "storefront-web")
    detail = rest.get(f"/api/environments/{stale['id']}")
    rest.put(
        f"/api/environments/{stale['id']}",
        {
            "name": detail["name"],
            "type": "manual",
            "setupMode": "manual",
            "setupScript": "git init -q . && true",
        },
    )
    rest.environment("infra-scripts")
    rest.patch(f"/api/environments/{made['id']}/mark", {"isCurrent": True, "isPinned": True})
    return made


def side(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Sidebar")


def row(page: Page, title: str) -> Locator:
    items = side(page).get_by_role("listitem")
    return items.filter(has=page.get_by_role("link", name=title))


def act(page: Page, title: str, action: str) -> None:
    """Choose from a row's menu."""
    row(page, title).hover()
    row(page, title).get_by_role("button", name="Actions of").click()
    page.get_by_role("menuitem", name=action).click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_list_reads_well(
    open_page: Opening, checkout: dict[str, Any], size: str, scheme: str
) -> None:
    page = open_page("/", size=size, scheme=scheme)
    for heading in ("Pinned", "Today", "Last 7 days", "Older"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.get_by_role("button", name="Archived")).to_contain_text("18")
    for fact in ("needs approval", "+212 \N{MINUS SIGN}38", "failed: exit 3"):
        expect(page.get_by_text(fact)).to_be_visible()
    assert violations(page) == []
    shoot(page, "sidebar")
    page.get_by_role("button", name="Environment switcher").click()
    expect(page.get_by_role("dialog", name="Environments")).to_be_visible()
    expect(page.get_by_role("button", name="Prepare storefront-web")).to_be_visible()
    page.evaluate(SETTLED)
    assert violations(page) == []
    shoot(page, "sidebar-environments")


def test_a_thread_opens_under_its_title_before_the_board_has_answered(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    made = rest.thread(checkout, title="Known by the list")
    page = open_page("/")
    held: list[Route] = []
    page.route(f"**/api/threads/{made['id']}", lambda route: held.append(route))  # noqa: PLW0108
    side(page).get_by_role("link", name="Known by the list").click()
    heading = page.get_by_role("heading", level=1, name="Known by the list")
    expect(heading).to_be_visible()
    assert held
    rest.patch(f"/api/threads/{made['id']}", {"title": "Told by the board"})
    for route in held:
        route.continue_()
    page.unroute_all()
    expect(page.get_by_role("heading", level=1, name="Told by the board")).to_be_visible()


def test_a_row_is_renamed_in_its_place(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    made = rest.thread(checkout, title="First name")
    page = open_page("/")
    act(page, "First name", "Rename")
    field = page.get_by_role("textbox", name="Thread's name")
    expect(field).to_be_focused()
    field.fill("x" * 121)
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="at most 120")).to_be_visible()
    field.fill("Second name")
    field.press("Enter")
    expect(row(page, "Second name")).to_be_visible()
    expect(side(page).get_by_role("link", name="Second name")).to_be_focused()
    assert rest.get(f"/api/threads/{made['id']}")["title"] == "Second name"
    row(page, "Second name").click(button="right")
    page.get_by_role("menuitem", name="Rename").click()
    field.fill("Third")
    field.press("Escape")
    expect(row(page, "Second name")).to_be_visible()


def test_a_pin_moves_a_thread_to_the_top_and_back(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    rest.thread(checkout, title="Keep me near")
    page = open_page("/")
    act(page, "Keep me near", "Pin")
    pinned = page.get_by_role("list", name="Pinned")
    expect(pinned.get_by_role("link", name="Keep me near")).to_be_visible()
    page.reload()
    expect(pinned.get_by_role("link", name="Keep me near")).to_be_visible()
    act(page, "Keep me near", "Unpin")
    today = page.get_by_role("list", name="Today")
    expect(today.get_by_role("link", name="Keep me near")).to_be_visible()


def test_an_archived_thread_is_counted_and_comes_back_by_undo(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    made = rest.thread(checkout, title="Put me away")
    page = open_page("/")
    archived = page.get_by_role("button", name="Archived")
    expect(archived).to_contain_text("18")
    act(page, "Put me away", "Archive")
    expect(archived).to_contain_text("19")
    expect(row(page, "Put me away")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "Put me away")).to_be_visible()
    expect(archived).to_contain_text("18")
    act(page, "Put me away", "Archive")
    expect(archived).to_contain_text("19")
    archived.click()
    act(page, "Put me away", "Restore")
    expect(archived).to_contain_text("18")
    assert rest.get(f"/api/threads/{made['id']}")["status"] == "active"


def test_an_ended_run_is_unread_until_its_thread_is_opened(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    made = rest.thread(checkout, title="Say hello")
    page = open_page("/")
    expect(row(page, "Say hello")).to_be_visible()
    rest.do(made, "echo hello")
    expect(side(page).get_by_role("link", name=re.compile("Say hello.*unread"))).to_be_visible()
    side(page).get_by_role("link", name=re.compile("Say hello.*unread")).click()
    page.wait_for_url(f"**/threads/{made['id']}")
    opened = side(page).get_by_role("link", name="Say hello")
    expect(opened).to_have_attribute("aria-current", "page")

    def read() -> bool:
        return not rest.get(f"/api/threads/{made['id']}")["isUnread"]

    wait_until(read, what="the opened thread to be read")
    page.goto("/")
    act(page, "Say hello", "Mark as unread")
    expect(side(page).get_by_role("link", name=re.compile("Say hello.*unread"))).to_be_visible()
    page.reload()
    expect(side(page).get_by_role("link", name=re.compile("Say hello.*unread"))).to_be_visible()


def test_letters_move_through_the_list_and_start_a_thread(
    open_page: Opening, checkout: dict[str, Any]
) -> None:
    page = open_page("/")
    links = page.get_by_role("group", name="Threads").get_by_role("link")
    expect(links.first).to_be_visible()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    address = links.nth(1).get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/*")
    chosen = page.locator("[data-selected=true] a")
    expect(chosen).to_have_attribute("href", address)
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Search threads")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.wait_for_url(f"**/environments/{checkout['id']}")


def test_the_environment_chosen_last_opens_with_the_board(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    page = open_page("/")
    nav = page.get_by_role("navigation", name="Environments")
    switcher = page.get_by_role("button", name="Environment switcher")
    expect(switcher).to_contain_text("checkout-api")
    nav.get_by_role("link", name="infra-scripts").click()
    expect(switcher).to_contain_text("infra-scripts")
    assert page.url.partition("?")[0].endswith("/")  # nothing was open: one stays
    expect(page.get_by_role("link", name="Map to a node")).to_be_visible()
    expect(page.get_by_role("button", name="New thread")).to_have_attribute("aria-disabled", "true")
    assert violations(page) == []
    shoot(page, "sidebar-unmapped")
    links = nav.get_by_role("link")
    expect(links.filter(has_text="checkout-api").or_(links.filter(has_text="infra"))).to_have_count(
        2
    )
    other = open_page("/")
    expect(other.get_by_role("button", name="Environment switcher")).to_contain_text("infra")
    other.get_by_role("button", name="Pin infra-scripts").click()
    expect(page.get_by_role("button", name="Pin infra-scripts")).to_have_attribute(
        "aria-pressed", "true"
    )
    names = nav.locator(".environment-link")
    expect(names).to_have_text(
        [r"infra-scripts, Unmapped", r"checkout-api, Ready", "storefront-web, Stale"]
    )
    rest.patch(f"/api/environments/{checkout['id']}/mark", {"isCurrent": True})


def test_the_dialog_prepares_and_finds_environments(
    open_page: Opening, checkout: dict[str, Any], rest: Rest
) -> None:
    page = open_page("/?dialog=environments", size="phone")
    dialog = page.get_by_role("dialog", name="Environments")
    expect(dialog.get_by_role("link", name="Map infra-scripts to a node")).to_be_visible()
    dialog.get_by_role("button", name="Prepare storefront-web").click()
    expect(dialog.get_by_role("button", name="Prepare storefront-web")).to_have_count(0)
    expect(dialog.get_by_role("link", name=re.compile("storefront-web.*Ready"))).to_be_visible()
    for n in range(4):
        rest.environment(f"spare-{n}")
    dialog.get_by_role("textbox", name="Search environments").fill("store")
    expect(dialog.locator(".environment-card")).to_have_count(1)
    dialog.get_by_role("link", name="storefront-web").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Environment switcher")).to_contain_text("storefront")


def test_the_foot_opens_to_the_truth_about_each_node(
    open_page: Opening, checkout: dict[str, Any]
) -> None:
    page = open_page("/")
    page.get_by_text("1 node online · 1 offline").locator("visible=true").click()
    gone = page.locator(".foot-nodes a").filter(has_text="gpu-box")
    expect(gone).to_contain_text("unreachable since 2 h")
    expect(gone).to_contain_text("last seen 2 h")
    for line in page.locator(".node-line").all():
        assert not (line.text_content() or "").startswith("·")
    assert violations(page) == []
    shoot(page, "sidebar-nodes")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_ten_thousand_threads_are_scrolled_from_the_first_to_the_last(
    open_page: Opening, checkout: dict[str, Any], board: BoardProcess, rest: Rest, size: str
) -> None:
    large = rest.environment(f"large-{size}")
    many = [Old(f"Thread number {n}", n * HOUR / 4, run="completed") for n in range(10_000)]
    fill(board.data, large["id"], many)
    page = open_page(f"/?environment={large['id']}", size=size)
    expect(row(page, "Thread number 0").first).to_be_visible()
    scroll = page.locator(".threads-scroll")
    titles = page.locator(".side-row .row-title")
    for part in (0.5, 0.93, 1.0):
        before = titles.first.text_content() or ""
        scroll.evaluate("(at, part) => at.scrollTo(0, at.scrollHeight * part)", part)
        expect(titles.first).not_to_have_text(before)
        expect(page.locator(".row-empty")).to_have_count(0)
        assert page.locator(".side-row").count() < 100
    expect(side(page).get_by_role("link", name="Thread number 9999")).to_be_in_viewport()
    last = row(page, "Thread number 9999")
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize")
    scroll.evaluate("at => at.scrollTo(0, 0)")
    first = side(page).get_by_role("link", name=re.compile("^Thread number 0 "))
    expect(first).to_be_in_viewport()
