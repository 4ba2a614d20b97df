"""The section of the board's signing key, by clicking: an owner rotates it and sees who follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.browser import visitor
from tests.support.machine import Machine, machine
from tests.support.processes import wait_until
from tests.support.ready import own_node
from tests.support.rest import Rest
from tests.support.visit import PATIENCE, READY, Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

CAROL = {"name": "Carol", "email": "carol@example.org", "password": "correct horse battery"}
KEYS = "/settings?section=keys"


@pytest.fixture
def laptop(rest: Rest, tmp_path: Path) -> Iterator[Machine]:
    """A node beside the board's own one; it is shut down."""
    own_node(rest)
    with machine(tmp_path, rest, name=f"laptop-{tmp_path.name[-12:]}") as node:
        node.stop()
        wait_until(
            lambda: rest.get(f"/api/nodes/{node.id}")["link"] != "connected" or None,
            what="the board missing the laptop",
        )
        yield node
        rest.delete(f"/api/nodes/{node.id}")


def section(page: Page) -> Locator:
    return page.get_by_role("region", name="Signing key")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_owner_rotates_it_and_sees_which_nodes_have_yet_to_follow(
    open_page: Opening, rest: Rest, laptop: Machine, size: str, scheme: str
) -> None:
    page = open_page(KEYS, size=size, scheme=scheme)
    before = rest.get("/api/keys/signing")["keyId"]
    expect(section(page)).to_contain_text(before)
    section(page).get_by_role("button", name="Rotate signing key…").click()
    question = page.get_by_role("alertdialog", name="Rotate the signing key?")
    expect(question).to_contain_text("Nodes that are away follow when they are next here")
    assert violations(page) == []
    shoot(page, "signing-key-question")
    question.get_by_role("button", name="Cancel").click()
    assert rest.get("/api/keys/signing")["keyId"] == before
    section(page).get_by_role("button", name="Rotate signing key…").click()
    question.get_by_role("button", name="Rotate", exact=True).click()
    expect(section(page).get_by_text("1 of 2 nodes has taken the new key.")).to_be_visible()
    missing = section(page).get_by_role("list", name="Nodes that have not taken it yet")
    expect(missing.get_by_role("listitem")).to_have_count(1)
    expect(missing).to_contain_text("away; follows when it connects")
    now = rest.get("/api/keys/signing")
    expect(section(page)).to_contain_text(now["keyId"])
    assert before in now["earlierKeyIds"]
    expect(section(page)).not_to_contain_text(before)
    section(page).scroll_into_view_if_needed()
    assert violations(page) == []
    shoot(page, "signing-key-rotating")
    laptop.start()
    expect(section(page).get_by_text("All 2 nodes have taken it.")).to_be_visible()
    shoot(page, "signing-key-rotated")


def test_an_admin_sees_it_and_cannot_rotate_and_a_member_has_no_such_section(
    browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    carol = rest.post("/api/users", CAROL)
    for role, is_shown in (("member", False), ("admin", True)):
        rest.patch(f"/api/users/{carol['id']}", {"role": role})
        with visitor(browser, board.url) as page:
            page.set_default_timeout(PATIENCE)
            body = {"email": CAROL["email"], "password": CAROL["password"]}
            page.request.post("/api/sessions", data=body, headers={"origin": board.url})
            page.goto(KEYS)
            page.wait_for_selector(READY, state="attached")
            link = page.get_by_role("navigation", name="Settings").get_by_role("link", name="Keys")
            expect(link).to_have_count(int(is_shown))
            if not is_shown:
                expect(section(page)).to_have_count(0)
                continue
            expect(section(page)).to_contain_text("An owner of this board can rotate it.")
            expect(section(page).get_by_role("button")).to_have_count(0)
            expect(page.get_by_role("region", name="Wrapping key")).to_have_count(0)
            expect(page.get_by_role("region", name="Backup")).to_have_count(0)
            assert violations(page) == []
            shoot(page, "signing-key-admin")
