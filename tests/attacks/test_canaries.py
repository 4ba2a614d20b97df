"""Secrets of several shapes go their whole way; then everything is searched for them."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from tests.support.board_process import BoardProcess
from tests.support.canaries import CANARIES, DERIVED, NEEDLES, found_in
from tests.support.machine import Machine, files_with
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


class Arguments:
    """Every argument list of this machine, read for as long as the block runs."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Arguments":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.wait(0.01):
            for entry in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    self.seen.add((entry / "cmdline").read_bytes())


class Captured:
    """Every body and every frame that a browser gets."""

    def __init__(self) -> None:
        self.bytes: list[bytes] = []

    def socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self.frame)

    def frame(self, payload: str | bytes) -> None:
        self.bytes.append(payload.encode() if isinstance(payload, str) else payload)

    def answer(self, response: Any) -> None:
        with suppress(Exception):  # a redirect has no body, and a page may be left meanwhile
            self.bytes.append(response.body())


@pytest.fixture(scope="module")
def done(
    rest: Rest, node: Machine, board: BoardProcess, browser: Browser
) -> Iterator[dict[str, Any]]:
    """A prepare, a run, and somebody who watches it all."""
    made = rest.environment(
        "canaries",
        setupMode="manual",
        setupScript=f"git init -q .\n{DERIVED}",
        secrets=[{"key": key, "value": value} for key, value in CANARIES.items()],
    )
    context = browser.new_context(base_url=board.url)
    context.add_cookies([rest.browser_cookie()])  # pyright: ignore[reportArgumentType]
    page, captured = context.new_page(), Captured()
    page.on("websocket", captured.socket)
    page.on("response", captured.answer)
    with Arguments() as arguments:
        prepare = rest.prepared(rest.map(made, node.id)["id"])
        assert prepare["status"] == "succeeded", prepare
        thread = rest.thread(made, title="canaries")
        page.goto(f"/threads/{thread['id']}")
        page.wait_for_selector("html[data-ready]", state="attached")
        run = rest.do(thread, f"{DERIVED}\necho the-end")
        expect(page.get_by_text("the-end").first).to_be_visible(timeout=60_000)
        for path in (f"/environments/{made['id']}", f"/environments/{made['id']}/edit", "/nodes"):
            page.goto(path)
            page.wait_for_load_state("networkidle")
    for path in ("environments", "nodes", "threads"):
        rest.get(f"/api/{path}")
    rest.get(f"/api/environments/{made['id']}")
    rest.get(f"/api/threads/{thread['id']}/timeline")
    logs = rest.log("prepares", prepare["id"]) + rest.log("runs", run["id"])
    yield {"logs": logs, "arguments": arguments.seen, "captured": captured.bytes, "run": run}
    context.close()


def test_the_scripts_had_them(done: dict[str, Any]) -> None:
    assert done["run"]["status"] == "completed"
    assert done["logs"].count(b"[REDACTED]") >= 2 * 6 * len(CANARIES)


def test_no_log_has_one(done: dict[str, Any], board: BoardProcess, node: Machine) -> None:
    assert found_in(done["logs"]) == []
    assert found_in(board.log.read_bytes()) == []
    assert found_in(node.log.read_bytes()) == []


def test_no_file_of_the_board_or_the_node_has_one(
    done: dict[str, Any], board: BoardProcess, node: Machine
) -> None:
    assert done
    for needle in NEEDLES:
        assert files_with(needle, board.data.parent) == []  # with the database and its WAL
        assert files_with(needle, node.home) == []  # with the spool
        assert files_with(needle, node.user_home) == []


def test_no_row_has_one(done: dict[str, Any], board: BoardProcess) -> None:
    """Rows once more as SQLite reads them: a page of the file could split a value."""
    assert done
    with closing(sqlite3.connect(board.data / "board.sqlite3")) as database:
        dump = "\n".join(database.iterdump()).encode()
    assert len(dump) > 10_000
    assert found_in(dump) == []


def test_no_argument_list_had_one(done: dict[str, Any]) -> None:
    ours = [words for words in done["arguments"] if b"openviber_daemon.runner" in words]
    assert ours  # it did look while the runner ran
    assert [words for words in done["arguments"] if found_in(words)] == []


def test_no_body_and_no_frame_had_one(done: dict[str, Any], rest: Rest) -> None:
    assert len(done["captured"]) > 30
    assert any(b"the-end" in one for one in done["captured"])
    assert found_in(b"\n".join(done["captured"])) == []
    assert found_in(b"\n".join(rest.seen)) == []
