"""Editing an environment, by clicking, on a real board with the node of its machine."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.processes import wait_until
from tests.support.rest import RefusedError, Rest
from tests.support.visit import Opening, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Steps").get_by_role("link", name=name).click()


def made(rest: Rest, name: str, **fields: Any) -> dict[str, Any]:
    return rest.environment(name, **fields)


def own_node(rest: Rest) -> dict[str, Any]:
    """The node of the board's machine, once it is there."""

    def there() -> dict[str, Any] | None:
        (node, *_) = rest.get("/api/nodes")["nodes"]
        return node if node["link"] == "connected" else None

    return wait_until(there, what="the board's own node")


def test_stored_secrets_are_shown_replaced_and_deleted_without_their_values(
    page: Page, rest: Rest
) -> None:
    stored = made(
        rest,
        "with secrets",
        repoUrl="https://git.example.org/acme/api",
        containerImage="python:3.12",
        metadata={"team": "core"},
        secrets=[
            {"key": "STRIPE", "value": "sk_live_4242"},
            {"key": "OLD", "value": "old-value"},
            {"purpose": "git_token", "value": "ci:first-token"},
        ],
    )
    page.goto(f"/environments/{stored['id']}/edit?step=variables")
    row = page.locator("li.value-row").filter(has_text="STRIPE")  # the plan names it too
    expect(row).to_contain_text("set just now by you")
    page.get_by_role("button", name="Replace STRIPE").click()
    page.get_by_label("Value of STRIPE").fill("sk_live_new")
    page.get_by_role("button", name="Delete OLD").click()
    expect(page.get_by_text("is deleted when you save")).to_be_visible()
    page.get_by_role("button", name="Keep OLD").click()
    page.get_by_role("button", name="Delete OLD").click()
    page.get_by_role("button", name="Replace: Git token").click()
    page.get_by_label("Git token, its value").fill("second-token")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/environments/{stored['id']}")
    now = rest.get(f"/api/environments/{stored['id']}")
    assert {item["key"] for item in now["secrets"]} == {"STRIPE", "git.token"}
    assert now["secretsGeneration"] == 2
    assert (now["containerImage"], now["metadata"]) == ("python:3.12", {"team": "core"})
    assert b"sk_live_new" not in b"".join(rest.seen)


def test_a_save_over_somebody_elses_says_so_and_keeps_what_was_typed(
    page: Page, rest: Rest
) -> None:
    stored = made(rest, "shared", description="first")
    path = f"/api/environments/{stored['id']}"
    page.goto(f"/environments/{stored['id']}/edit")
    page.get_by_label("Description").fill("mine")
    rest.put(path, {"name": "shared", "type": "manual", "description": "theirs"})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody saved this environment since you opened it.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("mine")
    assert rest.get(path)["description"] == "theirs"
    page.reload()
    expect(page.get_by_text("Somebody saved this environment since you opened it.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("mine")
    page.get_by_role("button", name="Load theirs, drop mine").click()
    expect(page.get_by_label("Description")).to_have_value("theirs")
    page.get_by_label("Description").fill("mine again")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/environments/{stored['id']}")
    assert rest.get(path)["description"] == "mine again"


def test_save_and_prepare_again_asks_the_node_at_once(page: Page, rest: Rest) -> None:
    script = {"setupMode": "manual", "setupScript": "echo first"}
    stored = made(rest, "prepared", **script)
    node = own_node(rest)
    rest.prepared(rest.map(stored, node["id"])["id"])
    page.goto(f"/environments/{stored['id']}/edit?step=code")
    page.get_by_role("textbox", name="Set-up script").fill("echo second")
    step(page, "Validation")
    page.get_by_role("button", name="Save and prepare again").click()
    page.wait_for_url(f"**/environments/{stored['id']}")
    (binding,) = rest.get(f"/api/environments/{stored['id']}/bindings")["bindings"]
    done = rest.prepared(binding["lastPrepareId"])
    assert (done["attempt"], done["status"]) == (2, "succeeded")
    assert b"second" in rest.log("prepares", done["id"])


def test_deleting_names_what_goes_and_asks_once(page: Page, rest: Rest) -> None:
    stored = made(rest, "short-lived")
    rest.thread(stored)
    page.goto(f"/environments/{stored['id']}/edit")
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("alertdialog", name="Delete short-lived?")
    expect(dialog).to_contain_text("1 thread with all messages and logs")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Delete…")).to_be_focused()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url(re.compile(r"/$"))
    with pytest.raises(RefusedError, match="404"):
        rest.get(f"/api/environments/{stored['id']}")


def test_an_environment_that_is_not_there_says_so(open_page: Opening) -> None:
    page = open_page("/environments/01a20958-e49b-7000-93cd-355797a26729/edit")
    expect(page.get_by_role("heading", name="There is no such environment")).to_be_visible()
