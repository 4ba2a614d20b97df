"""Secrets of several shapes go their whole way; then everything is searched for them."""

import base64
import json
import shlex
import sqlite3
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from tests.support.board_process import BoardProcess
from tests.support.machine import Machine, files_with
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

CANARIES = {
    "PLAIN": "canary-plain-8f3KqZ71",
    "SPACED": "canary b/+ 'quoted' \"twice\" $HOME 4Xw",
    "LINES": "canary-line-one-Tq81\ncanary-line-two-Vw92\r\ncanary-line-three-Zk03",
    "UNICODE": "canäry-ünïcode-5Yt≠77",
    "JSONISH": '{"key": "canary-json-Pp41"}',
}
DERIVED = "\n".join(
    f'echo "{key}=${key}"; printf %s "${key}" | base64 -w0; echo; printf %s "${key}" | base64;'
    f' printf "%q\\n" "${key}"; printf %s "${key}" | fold -w 5 | tr -d "\\n"; echo;'
    f' python3 -c \'import json,os,urllib.parse as u;v=os.environ["{key}"];'
    f"print(json.dumps(v));print(u.quote(v));print(u.quote_plus(v));print(v.encode().hex());"
    f"print(v.replace(chr(10),chr(10)+chr(32)*4))'"
    for key in CANARIES
)


def forms(value: str) -> set[bytes]:
    """Return a value in every form that it might be left in."""
    text = value.encode()
    lines = [line.strip().encode() for line in value.splitlines() if len(line.strip()) > 12]
    return {
        text,
        *lines,
        base64.b64encode(text).rstrip(b"="),
        json.dumps(value)[1:-1].encode(),
        json.dumps(value, ensure_ascii=False)[1:-1].encode(),
        urllib.parse.quote(value).encode(),
        urllib.parse.quote_plus(value).encode(),
        text.hex().encode(),
        shlex.quote(value).encode(),
    }


NEEDLES = sorted({form for value in CANARIES.values() for form in forms(value)})


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


def found_in(content: bytes) -> list[bytes]:
    return [needle for needle in NEEDLES if needle in content]


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
