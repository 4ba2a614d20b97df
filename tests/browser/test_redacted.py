"""Masked secrets on the pages: dots are drawn; what is stored is what is copied and found."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.ready import own_node
from tests.support.rest import Rest
from tests.support.thread_page import SETUP, add_entry
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SECRET = "sk-not-a-real-key-51Nq8"
MASK = "[REDACTED]"
TYPED = "# not [REDACTED] but typed"
SCRIPT = f"""\
echo "Authorization: Bearer $STRIPE_KEY"
{TYPED}
printf '\\033[32mtwo\\033[0m %s and %s\\n' "$STRIPE_KEY" "$STRIPE_KEY"
echo new > "$STRIPE_KEY.txt"
exit 4
"""
SAID = f"""\
The service refused **{MASK}**:

- `curl -u {MASK}` and [{MASK}](https://example.org/keys)

```
token = {MASK}
```
"""


@pytest.fixture(scope="module")
def environment(rest: Rest) -> dict[str, Any]:
    """A ready environment with a secret."""
    made = rest.environment(
        "payments",
        setupMode="manual",
        setupScript=SETUP,
        secrets=[{"key": "STRIPE_KEY", "value": SECRET}],
    )
    prepare = rest.prepared(rest.map(made, own_node(rest)["id"])["id"])
    assert prepare["status"] == "succeeded", prepare
    return made


@pytest.fixture(scope="module")
def thread(rest: Rest, board: BoardProcess, environment: dict[str, Any]) -> dict[str, Any]:
    """A thread whose last run printed the secret, put it into a file's name and spoke of it."""
    made = rest.thread(environment, title="Rotate [REDACTED] keys")
    run = rest.do(made, SCRIPT)
    assert run["status"] == "failed"
    steps = [{"content": f"Revoke {MASK}", "status": "completed"}]
    add_entry(board.data, run, kind="plan", text="", entries=steps)
    add_entry(board.data, run, kind="tool_call", text=f"HTTP 401 {MASK}", title=f"Asked {MASK}")
    add_entry(board.data, run, kind="agent_message", text=SAID)
    return made


@pytest.fixture(scope="module")
def broken(rest: Rest) -> dict[str, str]:
    """An attempt whose failing command and whose error have the secret in them."""
    made = rest.environment(
        "broken",
        setupMode="manual",
        setupScript=f"echo connecting; ls /no/{SECRET}",
        secrets=[{"key": "STRIPE_KEY", "value": SECRET}],
    )
    prepare = rest.prepared(rest.map(made, own_node(rest)["id"])["id"])
    assert MASK in prepare["receipt"]["failingCommand"], prepare
    return {"environment": made["id"], "prepare": prepare["id"]}


def masks(place: Page | Locator) -> Locator:
    return place.get_by_role("img", name="redacted", exact=True)


def expect_drawn(place: Page | Locator, count: int) -> None:
    """So many masks are there, each as dots, and none of its letters takes any room."""
    expect(masks(place)).to_have_count(count)
    for mask in masks(place).all():
        dots = mask.evaluate("e => getComputedStyle(e, '::before').content")
        assert dots == '"••••"'
        expect(mask).to_have_text(MASK)
        box = mask.locator("> span").bounding_box()
        assert box is None or box["width"] == 0


def expect_nothing_plain(page: Page) -> None:
    """No letters of a mask are to be read anywhere, but in what a person typed."""
    plain = page.evaluate(
        """mask => {
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walk.nextNode()) {
            const place = walk.currentNode.parentElement;
            const isTyped = place.closest(".said, [class*=title], script");
            if (walk.currentNode.data.includes(mask) && !place.closest(".redacted") && !isTyped)
              found.push(place.outerHTML.slice(0, 200));
          }
          for (const element of document.querySelectorAll("[title]"))
            if (element.title.includes(mask) && !element.matches("[class*=title]"))
              found.push(element.outerHTML.slice(0, 200));
          return found;
        }""",
        MASK,
    )
    assert plain == []


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Output of the run")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_thread_draws_its_masks_and_leaves_what_was_typed(
    open_page: Opening, thread: dict[str, Any], size: str, scheme: str
) -> None:
    page = open_page(f"/threads/{thread['id']}", size=size, scheme=scheme)
    expect_drawn(log_of(page), 3)
    heights = log_of(page).locator(".log-line").evaluate_all("es => es.map(e => e.offsetHeight)")
    assert set(heights) == {18}  # what a row of the log has: no mask makes its line higher
    expect_drawn(page.get_by_role("list", name="Changed files"), 1)
    expect_drawn(page.get_by_role("list", name="Plan"), 1)
    page.get_by_role("button", name="Asked redacted").click()
    expect_drawn(page.locator(".step", has=page.locator(".step-text")), 2)
    expect_drawn(page.locator(".agent-said"), 4)
    expect(page.locator(".said")).to_contain_text(TYPED)
    expect(masks(page.locator(".said"))).to_have_count(0)
    expect(masks(page.locator(".head-title"))).to_have_count(0)
    expect_nothing_plain(page)
    assert violations(page) == []
    shoot(page, "redacted-thread")
    log_of(page).scroll_into_view_if_needed()
    shoot(page, "redacted-log")


def test_what_is_copied_and_downloaded_is_what_is_stored(
    open_page: Opening, rest: Rest, thread: dict[str, Any]
) -> None:
    page = open_page(f"/threads/{thread['id']}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect_drawn(log_of(page), 3)
    view = page.locator(".log-view")
    view.get_by_role("button", name="Copy").click()
    expect(view.get_by_role("status").first).to_have_text("Copied")
    lines = [f"Authorization: Bearer {MASK}", f"two {MASK} and {MASK}"]
    assert page.evaluate("navigator.clipboard.readText()").splitlines()[:2] == lines
    log_of(page).locator(".log-line").nth(1).evaluate("e => getSelection().selectAllChildren(e)")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()").strip() == lines[1]
    with page.expect_download() as download:
        view.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes().count(MASK.encode()) == 3
    run = rest.get(f"/api/threads/{thread['id']}/messages")["messages"][0]["runId"]
    assert rest.log("runs", run).count(MASK.encode()) == 3


def test_a_search_marks_the_masks_that_it_finds(open_page: Opening, thread: dict[str, Any]) -> None:
    page = open_page(f"/threads/{thread['id']}")
    expect_drawn(log_of(page), 3)
    log_of(page).focus()
    page.keyboard.press("Control+f")
    box = page.get_by_role("searchbox", name="Search this log")
    status = page.locator(".log-search [role=status]")
    box.fill("redacted")
    expect(status).to_have_text("1 of 3")
    expect(masks(log_of(page)).locator("mark")).to_have_count(3)
    current = log_of(page).locator(".redacted:has(mark.is-current)")
    expect(current).to_have_count(1)
    page.locator(".log-view").scroll_into_view_if_needed()
    found, others = (
        mask.evaluate("e => getComputedStyle(e).backgroundColor")
        for mask in (current, masks(log_of(page)).nth(1))
    )
    assert len({found, others, "rgba(0, 0, 0, 0)"}) == 3
    assert violations(page, within=".log-view") == []
    shoot(page, "redacted-search")
    box.fill("two [redacted] and")  # in colour, before, within and after the mask
    expect(status).to_have_text("1 of 1")
    marked = log_of(page).locator("mark.is-current")
    expect(marked).to_have_text(["two", " ", MASK, " and"])


def test_the_list_of_threads_draws_the_mask_that_its_search_found(
    open_page: Opening, thread: dict[str, Any]
) -> None:
    page = open_page("/")
    page.get_by_role("textbox", name="Search threads").fill("service refused")
    row = page.get_by_role("list", name="Threads found").get_by_role("listitem")
    expect(row.locator(".row-snippet")).to_contain_text("service refused")
    expect(masks(row.locator(".row-snippet")).first).to_be_visible()
    page.get_by_role("textbox", name="Search threads").fill("redacted curl")
    expect(row.locator(".row-snippet mark").first).to_be_attached()
    expect(row.locator(".row-snippet .redacted:has(mark)").first).to_be_visible()
    expect_nothing_plain(page)
    shoot(page, "redacted-found")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_attempt_its_mapping_and_its_set_up_draw_their_masks(
    open_page: Opening,
    broken: dict[str, str],
    thread: dict[str, Any],
    size: str,
    scheme: str,
) -> None:
    home = f"/environments/{broken['environment']}"
    page = open_page(f"{home}?dialog=map&map.prepare={broken['prepare']}", size=size, scheme=scheme)
    why = page.get_by_role("alert", name="Why it failed")
    expect_drawn(why.locator("code"), 1)
    expect(masks(why.get_by_role("group", name="Its last lines")).first).to_be_visible()
    expect(masks(page.get_by_role("log", name="Log of the prepare")).first).to_be_visible()
    expect_nothing_plain(page)
    assert violations(page) == []
    shoot(page, "redacted-attempt")
    for path in (home, "/mappings", "/nodes", "/?dialog=environments"):
        page.goto(path)
        expect(page.get_by_text("broken").locator("visible=true").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        expect_nothing_plain(page)
    page.goto(f"/threads/{thread['id']}?inspector=changes")
    expect(masks(page.get_by_role("region", name="Changes")).first).to_be_visible()
    expect_nothing_plain(page)
    shoot(page, "redacted-changes")
