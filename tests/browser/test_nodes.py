"""The nodes page, and adding a machine by the command that it shows."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.board_process import ROOT, BoardProcess, board_process
from tests.support.browser import visitor
from tests.support.machine import Machine, machine, proxies_of, wait_online
from tests.support.processes import wait_until
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, sign_in, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LOOKS = [(size, scheme) for size in ("desktop", "phone") for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def local(rest: Rest) -> str:
    """The name of the board's own node, once it is there."""

    def there() -> str | None:
        found = [n["name"] for n in rest.get("/api/nodes")["nodes"] if n["link"] == "connected"]
        return found[0] if found else None

    return wait_until(there, what="the board's own node")


@pytest.fixture(scope="module")
def waiting(rest: Rest) -> str:
    """The id of a node that nobody claimed."""
    return str(rest.post("/api/nodes/tokens", {"name": "attic"})["nodeId"])


@pytest.fixture(scope="module")
def library(rest: Rest, local: str) -> str:
    """An environment on the board's own node."""
    made = rest.environment("library")
    (node,) = [n for n in rest.get("/api/nodes")["nodes"] if n["name"] == local]
    rest.prepared(rest.map(made, node["id"])["id"])
    return str(made["id"])


@pytest.fixture(scope="module")
def wheel() -> None:
    """What the installer hands out."""
    program = str(ROOT / "scripts" / "daemon_wheel.py")
    subprocess.run([sys.executable, program], check=True, cwd=ROOT)


def card(page: Page, name: str) -> Locator:
    """Return a node in the list."""
    return page.locator(".node-card").filter(has=page.get_by_role("link", name=name, exact=True))


def choose(details: Locator, action: str) -> None:
    """Take an action from the node's menu."""
    details.get_by_role("button", name=re.compile("Actions for")).click()
    details.get_by_role("menuitem", name=re.compile(f"^{action}")).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Add node")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_nodes_and_one_nodes_details_read_well(
    open_page: Opening, local: str, waiting: str, library: str, size: str, scheme: str
) -> None:
    page = open_page("/nodes", size=size, scheme=scheme)
    expect(card(page, local)).to_contain_text("Connected")
    expect(card(page, local).get_by_role("link", name="library")).to_have_attribute(
        "href", f"/environments/{library}"
    )
    expect(card(page, "attic")).to_contain_text("Waits for its one-time command")
    expect(card(page, local)).to_contain_text(re.compile(r"load \d+\.\d\d"))
    assert violations(page) == []
    shoot(page, "nodes")
    page.get_by_role("link", name=local, exact=True).click()
    details = page.get_by_role("complementary", name=local)
    expect(details).to_contain_text("agrees with the board's")
    expect(details.get_by_role("link", name="library")).to_be_visible()
    expect(details).to_contain_text(re.compile(r"Cores\s*\d"))
    expect(details).to_contain_text(re.compile(r"Memory free\s*\d+ GB of \d+ GB"))
    assert violations(page) == []
    shoot(page, "node-details")
    page.keyboard.press("Escape")
    expect(details).to_have_count(0)
    expect(page.get_by_role("link", name=local, exact=True)).to_be_focused()
    page.goto(f"/nodes?node={waiting}")
    expect(page.get_by_role("complementary", name="attic")).to_contain_text("No machine has")
    assert violations(page) == []
    shoot(page, "node-waiting")


def test_a_nodes_redaction_is_tested_and_its_score_shown(
    open_page: Opening, rest: Rest, local: str
) -> None:
    page = open_page("/nodes")
    page.get_by_role("link", name=local, exact=True).click()
    details = page.get_by_role("complementary", name=local)
    details.get_by_role("button", name="Run", exact=True).click()
    expect(details.get_by_role("button", name="Run again")).to_be_enabled(timeout=60_000)
    (node,) = [n for n in rest.get("/api/nodes")["nodes"] if n["name"] == local]
    told = node["selfTest"]
    assert told["missed"] == []
    expect(details).to_contain_text(f"{told['tried']} of {told['tried']} masked")
    assert violations(page) == []
    for scheme, size in (("light", (1440, 900)), ("dark", (390, 844))):
        is_dark = str(scheme == "dark").lower()
        page.evaluate(f"document.documentElement.classList.toggle('dark', {is_dark})")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        details.get_by_role("button", name="Run again").scroll_into_view_if_needed()
        shoot(page, "node-self-test")


def test_details_that_take_the_lists_place_take_the_focus_too(
    open_page: Opening, local: str
) -> None:
    page = open_page("/nodes")
    page.set_viewport_size({"width": 1100, "height": 800})
    link = page.get_by_role("link", name=local, exact=True)
    link.press("Enter")
    expect(page.get_by_role("heading", name=local)).to_be_focused()
    expect(link).to_be_hidden()
    shoot(page, "node-details-narrow")
    page.go_back()
    expect(link).to_be_focused()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_adding_a_node_reads_well_at_every_step(
    open_page: Opening, rest: Rest, size: str, scheme: str
) -> None:
    page = open_page("/nodes?dialog=add-node", size=size, scheme=scheme)
    name = f"studio-{size}-{scheme}"
    page.get_by_label("Name", exact=True).fill(name)
    assert violations(page, within="dialog[open]") == []
    shoot(page, "add-node")
    page.get_by_role("button", name="Make the command").click()
    expect(dialog(page).get_by_role("status")).to_have_text(f"Waiting for {name}…")
    assert violations(page, within="dialog[open]") == []
    shoot(page, "add-node-command")


def test_a_node_that_is_not_there_is_said_so(open_page: Opening) -> None:
    page = open_page("/nodes?node=00000000-0000-7000-8000-000000000000")
    details = page.get_by_role("complementary", name="There is no such node")
    expect(details).to_contain_text("It was removed, or it is not yours")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_place_says_what_a_node_is_and_offers_it(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    with board_process(tmp_path) as bare, visitor(browser, bare.url, scheme=scheme) as page:
        owner = Rest(bare.url)
        owner.become_owner(bare.setup_code())
        sign_in(page, owner)
        page.goto("/nodes")
        expect(page.get_by_role("main")).to_contain_text("A node is a machine of yours")
        assert violations(page) == []
        shoot(page, "nodes-empty")
        page.get_by_role("main").get_by_role("button", name="Add node").click()
        expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_a_name_that_cannot_be_is_refused_at_its_field(open_page: Opening, local: str) -> None:
    page = open_page("/nodes")
    page.get_by_role("button", name="Add node", exact=True).first.click()
    field = page.get_by_label("Name", exact=True)
    expect(field).to_be_focused()
    field.press("Enter")
    expect(dialog(page).get_by_role("alert")).to_contain_text("1 to 80 visible characters")
    expect(field).to_be_focused()
    field.fill(local)
    field.press("Enter")
    expect(dialog(page).get_by_role("alert")).to_contain_text(f"called {local} is there already")
    expect(field).to_have_value(local)
    shoot(page, "add-node-refused")


def test_a_command_is_counted_down_and_made_anew_and_shown_nowhere_else(
    open_page: Opening, rest: Rest
) -> None:
    page = open_page("/")
    page.clock.install()
    page.goto("/nodes?dialog=add-node")
    page.get_by_label("Name", exact=True).fill("attic-2")
    page.get_by_role("button", name="Make the command").click()
    command = page.get_by_role("region", name="Command for attic-2")
    expect(command).to_contain_text("OPENVIBER_TOKEN=ov_node_")
    expect(dialog(page)).to_contain_text("reached from this machine only")
    first = command.inner_text()
    token = re.findall(r"ov_node_\S+", first)[0]
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    assert token not in kept + page.url
    expect(dialog(page)).to_contain_text(re.compile(r"Works once, for 1[45]:\d\d more"))

    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    card(page, "attic-2").get_by_role("button", name="Show the command").click()
    expect(command).to_have_text(first)  # closing lost nothing

    page.clock.fast_forward("16:00")
    expect(dialog(page).get_by_role("status")).to_have_text("The command has expired unused")
    expect(command).to_have_count(0)
    shoot(page, "add-node-expired")
    expect(card(page, "attic-2")).to_contain_text("Its one-time command expired")

    page = open_page(page.url)  # another tab, whose clock is right
    expect(dialog(page)).to_contain_text("was shown once and is kept nowhere")
    shoot(page, "add-node-kept-nowhere")
    dialog(page).get_by_role("button", name="Make a new command").click()
    command = page.get_by_role("region", name="Command for attic-2")
    expect(command).to_contain_text("OPENVIBER_TOKEN=ov_node_")
    assert command.inner_text() != first


def test_a_node_is_renamed_where_it_stands(open_page: Opening, rest: Rest, local: str) -> None:
    made = rest.post("/api/nodes/tokens", {"name": "cellar"})
    page = open_page(f"/nodes?node={made['nodeId']}")
    other = open_page("/nodes")
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_role("textbox", name="Name")
    expect(field).to_be_focused()
    field.fill(local)
    field.press("Enter")
    details = page.get_by_role("complementary", name="cellar")
    expect(details.get_by_role("alert")).to_contain_text("choose another name")
    expect(field).to_have_value(local)
    assert violations(page) == []
    field.fill("lab")
    field.press("Enter")
    expect(page.get_by_role("heading", name="lab")).to_be_visible()
    expect(page.get_by_role("button", name="Rename")).to_be_focused()
    expect(card(page, "lab")).to_be_visible()
    expect(card(other, "lab")).to_be_visible()  # without a reload
    page.get_by_role("button", name="Rename").click()
    field.fill("never")
    field.press("Escape")
    expect(page.get_by_role("heading", name="lab")).to_be_visible()


def test_removing_a_node_names_what_goes_and_tells_its_daemon(
    open_page: Opening, rest: Rest, tmp_path: Path
) -> None:
    with machine(tmp_path, rest, name="old-mac") as node:
        made = rest.environment("payments")
        rest.prepared(rest.map(made, node.id)["id"])
        thread = rest.thread(made, title="Long job")
        rest.run_status(rest.run_of(thread, rest.say(thread, "sleep 600"))["id"], "running")
        rest.say(thread, "echo after")
        page = open_page(f"/nodes?node={node.id}")
        details = page.get_by_role("complementary", name="old-mac")
        expect(details.get_by_role("link", name="Long job")).to_have_attribute(
            "href", f"/threads/{thread['id']}"
        )
        shoot(page, "node-busy")
        choose(details, "Remove")
        asked = page.get_by_role("alertdialog", name="Remove old-mac?")
        expect(asked).to_contain_text("no longer mapped to it: payments")
        expect(asked).to_contain_text("Long job (run: running)")
        assert violations(page, within="dialog[open]") == []
        shoot(page, "node-removal")
        page.keyboard.press("Escape")
        expect(asked).to_have_count(0)
        assert rest.get(f"/api/nodes/{node.id}")["link"] == "connected"
        choose(details, "Remove")
        asked.get_by_role("button", name="Remove node").click()
        expect(card(page, "old-mac")).to_have_count(0)
        expect(page).to_have_url(re.compile(r"/nodes/?$"))
        wait_until(lambda: node.process.exit_code() is not None, what="the end of the daemon")
        assert node.process.exit_code() == 78
        found = rest.get(f"/api/threads/{thread['id']}")
        assert "on no node yet; map it to a node" in found["waitsFor"]


@pytest.fixture
def second(
    open_page: Opening, rest: Rest, tmp_path: Path, wheel: None
) -> Iterator[tuple[Machine, Page]]:
    """A machine with an empty home, and the page on which it is to appear."""
    node = Machine(tmp_path, command=[str(tmp_path / "node" / "venv" / "bin" / "openviber")])
    page = open_page("/nodes")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    try:
        yield node, page
    finally:
        node.end()


def test_a_machine_becomes_a_node_by_the_command_that_the_page_shows(
    second: tuple[Machine, Page], rest: Rest, board: BoardProcess
) -> None:
    node, page = second
    page.get_by_role("button", name="Add node", exact=True).first.click()
    page.get_by_label("Name", exact=True).fill("studio-02")
    page.keyboard.press("Enter")
    status = dialog(page).get_by_role("status")
    expect(status).to_have_text("Waiting for studio-02…")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    assert f"{board.url}/api/daemon/install.py" in command

    done = subprocess.run(
        ["/bin/sh", "-c", command],
        env=node.environment | proxies_of(os.environ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    expect(status).to_contain_text("studio-02 took the command")
    shoot(page, "add-node-claimed")
    node.start()
    expect(status).to_have_text("studio-02 is connected")
    assert violations(page, within="dialog[open]") == []
    shoot(page, "add-node-there")
    expect(dialog(page).get_by_role("region")).to_have_count(0)  # the spent command is gone

    (node.id,) = [n["id"] for n in rest.get("/api/nodes")["nodes"] if n["name"] == "studio-02"]
    dialog(page).get_by_role("link", name="Show the node").click()
    details = page.get_by_role("complementary", name="studio-02")
    expect(details).to_contain_text("Connected")
    node.kill()
    expect(details).to_contain_text("Unreachable")
    expect(details).to_contain_text("The connection broke without a word")
    shoot(page, "node-unreachable")
    node.start()
    wait_online(rest, node)
    expect(details).to_contain_text("Connected")
    expect(details).not_to_contain_text("without a word")
    assert node.stop() == 0
    expect(details).to_contain_text("The daemon was stopped")


def test_this_machine_has_a_name_of_its_own(local: str) -> None:
    assert local == socket.gethostname().partition(".")[0]
