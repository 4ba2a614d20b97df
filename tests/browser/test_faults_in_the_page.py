"""A killed board and a cut network cost a page neither a letter nor a line."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.board_process import BoardProcess, board_process
from tests.support.cut_line import CutLine
from tests.support.journey import Journey
from tests.support.machine import Machine, wait_online
from tests.support.processes import wait_until
from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

LINES = 600
PRINT = f"for n in $(seq 1 {LINES}); do echo line $n; sleep 0.01; done"
"""Some seconds of lines: what is broken in their middle is broken while they come."""


@pytest.fixture(scope="module")
def line() -> Iterator[CutLine]:
    """The network between people's browsers and the board."""
    with CutLine() as laid:
        yield laid


@pytest.fixture(scope="module")
def node_line() -> Iterator[CutLine]:
    """The network between a node and the board, whose public address is the line's near end."""
    with CutLine() as laid:
        yield laid


@pytest.fixture(scope="module")
def board(
    tmp_path_factory: pytest.TempPathFactory, line: CutLine, node_line: CutLine
) -> Iterator[BoardProcess]:
    folder = tmp_path_factory.mktemp("board")
    with board_process(folder, settings={"PUBLIC_URL": node_line.url}) as started:
        line.port = node_line.port = started.port
        started.url = line.url
        yield started


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory, rest: Rest, node_line: CutLine
) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    machine.onboard(rest, name="studio-01", board=node_line.url)
    machine.start()
    try:
        wait_online(rest, machine)
        yield machine
    finally:
        machine.end()


@pytest.fixture(scope="module")
def environment(rest: Rest, node: Machine) -> dict[str, Any]:
    """An empty folder, ready on the node."""
    assert node.id
    return ready_environment(rest, "scratch")


def read_all(log: Locator) -> list[str]:
    """Scroll through a log that has ended; return each line once, by its number in the gutter."""
    found: dict[int, str] = log.evaluate(
        """async (log) => {
          const found = {};
          const frame = () => new Promise((go) => requestAnimationFrame(go));
          for (let top = 0; top <= log.scrollHeight; top += log.clientHeight / 2) {
            log.scrollTop = top;
            await frame();
            await frame();
            for (const line of log.querySelectorAll("[data-n]"))
              found[line.dataset.n] = line.textContent;
          }
          return found;
        }"""
    )
    return [found[number] for number in sorted(found, key=int)]


def is_whole(log: Locator) -> bool:
    return [text for text in read_all(log) if text.startswith("line ")] == [
        f"line {number}" for number in range(1, LINES + 1)
    ]


def printing(page: Page, rest: Rest, environment: dict[str, Any]) -> Locator:
    """Open a thread whose run prints; return its log once a hundred lines are there."""
    thread = rest.thread(environment, title="Print slowly")
    page.goto(f"/threads/{thread['id']}")
    rest.say(thread, PRINT)
    log = page.get_by_role("log", name="Output of the run")
    expect(log).to_contain_text("line 100")
    return log


def test_a_cut_between_browser_and_board_loses_no_line(
    open_page: Opening, rest: Rest, environment: dict[str, Any], line: CutLine
) -> None:
    page = open_page("/")
    log = printing(page, rest, environment)
    line.cut()
    expect(page.get_by_text("reconnecting…").locator("visible=true").first).to_be_visible()
    line.mend()
    expect(log).to_contain_text(f"line {LINES}")
    assert is_whole(log)


def test_a_cut_between_node_and_board_loses_no_line(
    open_page: Opening, rest: Rest, environment: dict[str, Any], node: Machine, node_line: CutLine
) -> None:
    page = open_page("/")
    log = printing(page, rest, environment)
    node_line.cut()
    wait_until(
        lambda: rest.get(f"/api/nodes/{node.id}")["link"] != "connected" or None,
        what="the board missing its node",
    )
    node_line.mend()
    expect(log).to_contain_text(f"line {LINES}")
    assert is_whole(log)


def test_a_board_that_is_killed_while_a_set_up_prints_loses_no_line(
    open_page: Opening, rest: Rest, board: BoardProcess, node: Machine
) -> None:
    made = rest.environment("slow", setupMode="manual", setupScript=PRINT)
    journey = Journey(open_page(f"/environments/{made['id']}?dialog=map"))
    journey.prepare_on("studio-01")
    expect(journey.attempt_log).to_contain_text("line 100")
    board.kill()
    board.restart()
    expect(journey.attempt_log).to_contain_text(f"line {LINES}")
    assert is_whole(journey.attempt_log)
    journey.page.reload()
    expect(journey.attempt_log).to_contain_text(f"line {LINES}")
    assert is_whole(journey.attempt_log)


def test_what_is_typed_into_the_form_outlives_a_board_that_is_killed_in_mid_word(
    open_page: Opening, board: BoardProcess
) -> None:
    journey = Journey(open_page("/environments/new"))
    page = journey.page
    address = "https://github.com/example/checkout-api"
    journey.type_into(page.get_by_label("Repository address"), address)
    journey.describe(name="checkout-api")
    page.get_by_label("Description").press_sequentially("Takes the mon")
    board.kill()
    page.get_by_label("Description").press_sequentially("ey, gives the goods")
    journey.set_up_with("echo one\necho two")
    board.restart()
    page.goto("/environments/new")
    expect(page.get_by_label("Repository address")).to_have_value(address)
    named = page.get_by_role("main").get_by_label("Name", exact=True)
    expect(named).to_have_value("checkout-api")
    expect(page.get_by_label("Description")).to_have_value("Takes the money, gives the goods")
    journey.next("Code execution")
    expect(page.get_by_label("Set-up script")).to_have_value("echo one\necho two")
