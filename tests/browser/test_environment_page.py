"""An environment's page: how it stands on its nodes, and what can be done there."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.ready import own_node, ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_change_makes_it_stale_and_says_of_what(
    open_page: Opening, rest: Rest, size: str, scheme: str
) -> None:
    made = ready_environment(rest, f"stale-{size}-{scheme}")
    page = open_page(f"/environments/{made['id']}", size=size, scheme=scheme)
    node = page.get_by_role("region", name=own_node(rest)["name"])
    expect(node.locator(".pill[data-kind=ready]")).to_be_visible()
    expect(page.locator("#main > header .pill[data-kind=ready]")).to_contain_text("Ready on")
    changed = {k: made[k] for k in ("name", "type", "setupMode")} | {"setupScript": "git init ."}
    rest.put(f"/api/environments/{made['id']}", changed)
    expect(node).to_contain_text("Since it was prepared, the set-up script changed")
    node.get_by_role("button", name="More for").click()
    page.get_by_role("menuitem", name="History of attempts").click()
    expect(node.get_by_role("button", name="Attempt 1")).to_be_visible()
    assert violations(page) == []
    shoot(page, "environment")
    node.get_by_role("button", name="Prepare again").click()
    dialog = page.get_by_role("dialog", name="Map to node")
    expect(dialog.get_by_role("heading", name="Ready on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(node.locator(".pill[data-kind=ready]")).to_be_visible()
    expect(node.get_by_role("button", name="Attempt 2")).to_be_visible()


def test_unmapping_asks_once_and_names_what_goes(open_page: Opening, rest: Rest) -> None:
    made = ready_environment(rest, "unmapped")
    page = open_page(f"/environments/{made['id']}")
    more = page.get_by_role("button", name="More for unmapped")
    more.click()
    page.get_by_role("menuitem", name="Unmap").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("The logs of its prepares are deleted")
    expect(question).to_contain_text("stays as it is")
    question.get_by_role("button", name="Cancel").click()
    expect(more).to_be_visible()
    more.click()
    page.get_by_role("menuitem", name="Unmap").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Unmap").click()
    expect(page.get_by_text("Not on any node yet")).to_be_visible()
    assert rest.get(f"/api/environments/{made['id']}/bindings")["bindings"] == []
    assert violations(page) == []
    shoot(page, "environment-unmapped")


def test_preparing_from_scratch_repeats_what_had_not_changed(
    open_page: Opening, rest: Rest
) -> None:
    made = ready_environment(rest, "scratch", "date +%s%N")
    page = open_page(f"/environments/{made['id']}")
    dialog = page.get_by_role("dialog", name="Map to node")
    page.get_by_role("button", name="Prepare again").click()
    expect(dialog.get_by_role("heading", name="Nothing had changed")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More for scratch").click()
    page.get_by_role("menuitem", name=re.compile("Prepare from scratch")).click()
    expect(dialog.get_by_role("heading", name="Ready on")).to_be_visible()
    expect(dialog.get_by_text(re.compile("attempt 3"))).to_be_visible()
