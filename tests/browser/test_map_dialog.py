"""Mapping an environment to a node, and following the attempt in the same dialog."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.node_keys import Keys, onboard_body
from tests.support.ready import own_node
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SLOW = "for n in 1 2 3; do echo step $n; done; while ! test -e go; do sleep 0.1; done; echo went on"
BROKEN = "echo getting ready; seq 40; ls /no/such/folder"


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Map to node")


def environment(rest: Rest, name: str, script: str) -> dict[str, Any]:
    own_node(rest)
    return rest.environment(name, setupMode="manual", setupScript=script)


def away_node(rest: Rest, name: str) -> None:
    """A node that nobody has onboarded: there for the list."""
    if all(node["name"] != name for node in rest.get("/api/nodes")["nodes"]):
        rest.post("/api/nodes/tokens", {"name": name})


def attempt_id(page: Page) -> str:
    page.wait_for_url(re.compile(r"map\.prepare="))
    found = re.search(r"map\.prepare=([0-9a-f-]{36})", page.url)
    assert found
    return found[1]


def folder_of(rest: Rest, prepare_id: str) -> Path:
    """Where the manual environment of a running attempt lies on the node."""
    phases = rest.prepare_status(prepare_id, "running", "succeeded")["phases"]
    return Path(next(phase["detail"] for phase in phases if phase["name"] == "resolve"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_dialog_turns_into_the_attempt_and_outlives_a_reload(
    open_page: Opening, rest: Rest, size: str, scheme: str
) -> None:
    away_node(rest, "attic")
    made = environment(rest, f"slow-{size}-{scheme}", SLOW)
    page = open_page(f"/environments/{made['id']}?dialog=map", size=size, scheme=scheme)
    dialog = dialog_of(page)
    expect(dialog.get_by_text("1 issue")).to_be_visible()
    expect(dialog.get_by_text("one-time command")).to_be_visible()
    expect(dialog.locator("input[name=nodeId]:checked")).to_have_count(1)
    assert violations(page) == []
    shoot(page, "map-choose")
    dialog.get_by_role("button", name="Prepare environment").click()
    prepare = attempt_id(page)
    log = dialog.get_by_role("log", name="Log of the prepare")
    expect(log).to_contain_text("step 3")
    page.reload()
    expect(log).to_contain_text("step 3")
    expect(dialog.get_by_role("heading", name="Preparing on")).to_be_visible()
    expect(dialog.locator("li[data-status=running]", has_text="Run set-up")).to_be_visible()
    assert violations(page) == []
    shoot(page, "map-attempt")
    (folder_of(rest, prepare) / "go").touch()
    expect(dialog.get_by_role("heading", name="Ready on")).to_be_visible()
    expect(log).to_contain_text("went on")
    assert violations(page) == []
    shoot(page, "map-ready")
    dialog.get_by_role("button", name="New thread").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("textbox", name="Script")).to_be_focused()


def test_closing_stops_nothing_and_cancelling_does(open_page: Opening, rest: Rest) -> None:
    made = environment(rest, "cancelled", SLOW)
    page = open_page(f"/environments/{made['id']}")
    page.locator("#main > header").get_by_role("button", name="Map to node").click()
    dialog = dialog_of(page)
    dialog.get_by_role("button", name="Prepare environment").click()
    prepare = attempt_id(page)
    rest.prepare_status(prepare, "running")
    dialog.get_by_role("button", name="Close, keep preparing").click()
    expect(dialog).to_be_hidden()
    assert rest.get(f"/api/prepares/{prepare}")["status"] == "running"
    page.get_by_role("button", name="View attempt").click()
    dialog.get_by_role("button", name="Cancel", exact=True).click()
    expect(dialog.get_by_role("heading", name="Cancelled on")).to_be_visible()
    expect(dialog.get_by_role("button", name="Retry")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_failed_attempt_leads_with_its_command_and_last_lines(
    open_page: Opening, rest: Rest, size: str, scheme: str
) -> None:
    made = environment(rest, f"broken-{size}-{scheme}", BROKEN)
    failed = rest.prepared(rest.map(made, own_node(rest)["id"])["id"])
    page = open_page(
        f"/environments/{made['id']}?dialog=map&map.prepare={failed['id']}",
        size=size,
        scheme=scheme,
    )
    dialog = dialog_of(page)
    why = dialog.get_by_role("alert", name="Why it failed")
    expect(why.locator("code")).to_have_text("ls /no/such/folder")
    expect(why).to_contain_text("exit code 2")
    tail = (why.get_by_role("group", name="Its last lines").inner_text()).splitlines()
    assert len(tail) == 20
    assert "/no/such/folder" in tail[-1]
    expect(why).to_contain_text("Correct the set-up script")
    assert violations(page) == []
    shoot(page, "map-failed")
    edit = dialog.get_by_role("link", name="Edit environment")
    assert (edit.get_attribute("href") or "").endswith(f"/environments/{made['id']}/edit")
    dialog.get_by_role("button", name="Retry").click()
    expect(dialog.get_by_text("attempt 2")).to_be_visible()
    expect(why).to_be_visible()


def test_what_is_wrong_with_a_path_is_said_at_its_field_and_nothing_typed_is_lost(
    open_page: Opening, rest: Rest
) -> None:
    own_node(rest)
    made = rest.environment("path", repoUrl="https://git.example.org/acme/app")
    page = open_page(f"/environments/{made['id']}?dialog=map")
    dialog = dialog_of(page)
    dialog.get_by_text("Use existing path").click()
    path = dialog.get_by_role("textbox", name="Path on the node")
    dialog.get_by_role("button", name="Prepare environment").click()
    expect(dialog.locator("#map-path-error")).to_have_text("Say which path on the node to use.")
    expect(path).to_be_focused()
    path.fill("src/app")
    dialog.get_by_role("button", name="Prepare environment").click()
    expect(dialog.locator("#map-path-error")).to_have_text("The path must start with / or ~/.")
    assert violations(page) == []
    page.reload()
    expect(path).to_have_value("src/app")


def test_an_attempt_that_is_not_there_says_so(open_page: Opening, rest: Rest) -> None:
    made = environment(rest, "nowhere", "true")
    page = open_page(f"/environments/{made['id']}?dialog=map&map.prepare={made['id']}")
    expect(dialog_of(page).get_by_role("alert").first).to_contain_text("There is no such attempt")


def test_a_node_that_is_away_can_be_chosen_and_is_waited_for(
    open_page: Opening, rest: Rest
) -> None:
    made = environment(rest, "patient", "true")
    token = rest.post("/api/nodes/tokens", {"name": "laptop"})["token"]
    rest.post("/api/nodes/onboard", onboard_body(Keys(), token))
    page = open_page(f"/environments/{made['id']}?dialog=map")
    dialog = dialog_of(page)
    dialog.locator(".map-node", has_text="laptop").click()
    expect(dialog.get_by_text("laptop is offline: the prepare begins by itself")).to_be_visible()
    dialog.get_by_role("button", name="Prepare environment").click()
    expect(dialog.get_by_role("heading", name="Waits for laptop")).to_be_visible()
    expect(dialog.get_by_text("laptop is not connected")).to_be_visible()
    expect(page.locator("#main > header .pill")).to_contain_text("Waits for laptop")
    assert violations(page) == []
    shoot(page, "map-waits")
    dialog.get_by_role("button", name="Cancel", exact=True).click()
    expect(dialog.get_by_role("heading", name="Cancelled on laptop")).to_be_visible()
