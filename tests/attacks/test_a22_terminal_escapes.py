"""A22: a program prints what steers a terminal: clipboard, links, titles, cursor, C1 bytes."""

import logging
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from openviber_daemon.daemon_log import LOG, logging_to
from tests.support.board_process import BoardProcess
from tests.support.machine import Machine
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

HOSTILE = [
    rb"\033]52;c;ZXZpbCBjbGlwYm9hcmQ=\007clip",  # OSC 52: write the clipboard
    rb"\033]8;;javascript:alert(1)\033\\link\033]8;;\033\\",  # OSC 8: a link
    rb"\033]0;evil title\007title",
    rb"\033]2;evil title\033\\title2",
    rb"\033P$q\"p\033\\decrqss",  # DECRQSS: make the terminal answer
    rb"\033[6n\033[c\033[5nreport",
    rb"\033[2J\033[H\033[1;1Hhome",
    rb"\033[?1049h\033[?25lscreen",
    rb"\302\233" rb"31mc1csi\302\235" rb"0;t\302\234",  # C1 as UTF-8
    rb"\23331mraw\235" rb"0;t\234",  # C1 as single bytes
    rb"all is well\rPWNED",
    rb"Password: \b\b\b\b\b\b\b\b\b\bspoofed",
    rb"\033_apc\033\\\033^pm\033\\\033Xsos\033\\rest",
    rb"\342\200\256txt.exe",  # a right-to-left override
]
SCRIPT = "\n".join(f"printf '{one.decode()}\\n'" for one in HOSTILE)


@pytest.fixture(scope="module")
def thread(rest: Rest, node: Machine) -> dict[str, Any]:
    made = rest.environment("escapes", setupMode="manual", setupScript="git init -q .")
    assert rest.prepared(rest.map(made, node.id)["id"])["status"] == "succeeded"
    found = rest.thread(made, title="escapes")
    run = rest.do(found, SCRIPT)
    assert run["status"] == "completed", rest.log("runs", run["id"])
    return found | {"run": run["id"]}


@pytest.fixture(scope="module")
def page(browser: Browser, board: BoardProcess, rest: Rest, thread: dict[str, Any]) -> Any:
    context = browser.new_context(base_url=board.url)
    context.add_cookies([rest.browser_cookie()])  # pyright: ignore[reportArgumentType]
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=board.url)
    opened = context.new_page()
    opened.goto(f"/threads/{thread['id']}")
    opened.wait_for_selector("html[data-ready]", state="attached")
    yield opened
    context.close()


def test_the_page_shows_nothing_of_it_and_does_nothing(page: Page) -> None:
    log = page.get_by_role("log", name="Output of the run")
    expect(log.locator(".log-line").filter(has_text="clip")).to_be_visible()
    page.evaluate("navigator.clipboard.writeText('mine')")
    shown = log.inner_text()
    bad = {c for c in shown if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160}
    assert bad == set()
    assert "\u202e" not in shown
    for word in ("evil title", "ZXZpbC", "javascript:", "$q"):
        assert word not in shown
    assert log.locator("a").count() == 0
    assert "evil" not in page.title()
    assert page.evaluate("navigator.clipboard.readText()") == "mine"


def test_the_raw_log_is_a_file_of_text_for_nobody_to_open_as_a_page(
    rest: Rest, thread: dict[str, Any]
) -> None:
    path = f"/api/runs/{thread['run']}/log"
    _, headers, body = rest.call("GET", f"{path}?download=true")
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"].startswith("attachment; ")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert b"\033]52;c;" in body  # it is the truth, byte for byte
    _, headers, _ = rest.call("GET", path)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_daemons_own_journal_holds_no_control_bytes(node: Machine, tmp_path: Path) -> None:
    allowed = {9, 10}
    for file in (node.log, *node.home.glob("*.log*")):
        content = file.read_bytes()
        assert not {byte for byte in content if byte < 32} - allowed, file
        assert b"\xc2\x9b" not in content
    with logging_to(tmp_path / "daemon.log"):
        LOG.log(logging.INFO, "it said %s", "\033]0;x\007\r\x9b31m\u202eok\nERROR forged line")
    written = (tmp_path / "daemon.log").read_text()
    assert not {c for c in written if ord(c) < 32 and c != "\n"}
    assert "\x9b" not in written
    assert "\u202e" not in written
    assert "\nERROR" not in written  # a line of somebody else's begins further in
