"""Has a board do everything with secrets that it can, and keeps all that comes out of it."""

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, WebSocket, expect

from tests.support import watched_board
from tests.support.board_process import ROOT, BoardProcess
from tests.support.canaries import CANARIES, DERIVED, NEEDLES
from tests.support.machine import machine
from tests.support.reflex_socket import ReflexSocket, reflex_socket
from tests.support.rest import RefusedError, Rest

STATES = "reflex___state____state"
LENGTH = 31337
LONG = "canary-long-" + "q" * (LENGTH - 12)
"""Long enough that its length is a number which nothing else has."""

TYPED = "canary-typed-6Hk29"
VALUES = {**CANARIES, "LONG": LONG}
BEGUN = b"canary-long-"
"""Whatever is kept of LONG, cut or not, would begin like this: whole, in base64 or in hex."""

FORMS = [*NEEDLES, BEGUN, base64.b64encode(BEGUN), BEGUN.hex().encode(), TYPED.encode()]
HASHES = [
    hashlib.new(name, value.encode()).hexdigest()[:16].encode()
    for value in [*VALUES.values(), TYPED]
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b")
]
NUMBER = re.compile(rb"(?<![\w.-])%d(?![\w.-])" % LENGTH)


def told_by(content: bytes) -> list[bytes]:
    """Return what a text tells of the secrets: themselves, their hashes, the length of one."""
    hashes = [one for one in HASHES if one in content.lower()]
    return [one for one in FORMS if one in content] + hashes + NUMBER.findall(content)


@dataclass
class Seen:
    """Everything that came out of the board, by the way that it took."""

    names: dict[str, str] = field(default_factory=dict)
    states: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    kept_in_the_browser: list[bytes] = field(default_factory=list)
    export: bytes = b""


@dataclass
class Tabs:
    """A tab on every page, all open at once; `look` loads each again and asks for all states."""

    asked: Path
    sockets: Sequence[tuple[str, ReflexSocket]]

    def look(self) -> bytes:
        for path, socket in self.sockets:
            router = {"pathname": path, "asPath": path}
            for state in ("workspace____workspace", "nodes____nodes"):
                name = f"{STATES}.openviber_app___states___{state}.load"
                socket.send(name, {}, **router)
            socket.settle()
        return watched_board.ask(self.asked)


def work(
    opened: ExitStack, *, board: BoardProcess, rest: Rest, browser: Browser, asked: Path
) -> Seen:
    """Use secrets with a node, in tabs and in a browser; look at everything all along."""
    seen = Seen()
    node = opened.enter_context(machine(board.data.parent / "machine", rest, name="attic"))
    made = rest.environment(
        "with-secrets",
        setupMode="manual",
        setupScript=f"git init -q .\n{DERIVED}\n[ -e fixed ] || exit 3",
        secrets=[{"key": key, "value": value} for key, value in VALUES.items()],
    )
    thread = rest.thread(made, title="the only thread")
    seen.names = {"environment": made["id"], "thread": thread["id"], "node": node.id}
    pages = ["/", "/nodes", "/settings", "/mappings", "/environments/new"]
    pages += [f"/environments/{made['id']}", f"/environments/{made['id']}/edit"]
    pages += [f"/threads/{thread['id']}"]
    tabs = Tabs(asked, [(path, _tab(opened, board, rest, path)) for path in pages])
    seen.states.append(tabs.look())

    path = f"/api/environments/{made['id']}"
    fields = {"name": "with-secrets", "type": "manual", "setupMode": "manual"}
    script = f"git init -q .\n{DERIVED}"
    for wrong in (
        {"secrets": [{"key": "PLAIN", "value": CANARIES["PLAIN"] + "\0"}]},
        {"secrets": [{"key": "NOT A NAME", "value": CANARIES["PLAIN"]}]},
        {"secrets": [{"key": 7, "value": CANARIES["PLAIN"]}]},
        {"secrets": [{"key": "PLAIN", "value": [CANARIES["PLAIN"]]}]},
        {"secrets": {"PLAIN": CANARIES["PLAIN"]}},
        {"secrets": [{"key": "PLAIN", "value": LONG * 3}]},
        {"secrets": CANARIES["PLAIN"], "version": LONG},
    ):
        with pytest.raises(RefusedError) as refused:
            rest.put(path, fields | {"setupScript": script} | wrong)
        assert refused.value.status == 422, wrong
    failed = rest.prepared(rest.map(made, node.id)["id"])
    assert failed["status"] == "failed"
    seen.states.append(tabs.look())
    again = [{"key": "PLAIN", "value": CANARIES["PLAIN"]}]
    saved = rest.put(path, fields | {"setupScript": script, "secrets": again})
    assert {secret["key"] for secret in saved["secrets"]} == set(VALUES)
    prepares = f"/api/bindings/{failed['bindingId']}/prepares"
    prepare = rest.prepared(rest.post(prepares)["prepare"]["id"])
    assert prepare["status"] == "succeeded", prepare
    run = rest.do(thread, DERIVED)
    assert run["status"] == "completed", run
    seen.states.append(tabs.look())

    _type_in_a_browser(browser, board, rest, seen=seen, tabs=tabs)
    rest.post("/api/keys/verify")
    rest.post(f"/api/nodes/{node.id}/revoke")
    for what in (
        *("environments", "bindings", "nodes", "threads", "keys", "audit", "activity", "sessions"),
        *("drafts/environment:new", "openapi.json", "tokens", "users", "me"),
        *(f"environments/{made['id']}{rest}" for rest in ("", "/bindings", "/deliveries")),
        *(f"environments/{made['id']}{rest}" for rest in ("/nodes", "/shares")),
        *(f"threads/{thread['id']}{rest}" for rest in ("", "/messages", "/timeline", "/changes")),
        *(f"prepares/{prepare['id']}", f"prepares/{failed['id']}", f"runs/{run['id']}"),
        f"nodes/{node.id}",
    ):
        rest.get(f"/api/{what}")
    for kind, one in (("prepares", failed), ("prepares", prepare), ("runs", run)):
        rest.log(kind, one["id"])
    seen.states.append(tabs.look())
    for page in pages:
        seen.pages.append(rest.call("GET", page, headers={"Cookie": rest.cookie})[2])
    seen.answers = rest.seen
    seen.frames += [socket.text.encode() for _, socket in tabs.sockets]
    seen.export = _backup(board)
    return seen


def _tab(opened: ExitStack, board: BoardProcess, rest: Rest, path: str) -> ReflexSocket:
    boot = {
        "name": f"{STATES}.hydrate_and_load",
        "payload": {},
        "router_data": {"pathname": path, "asPath": path},
    }
    tab = reflex_socket(board.url, token=str(uuid4()), cookie=rest.cookie, boot=boot)
    return opened.enter_context(tab)


def _type_in_a_browser(
    browser: Browser, board: BoardProcess, rest: Rest, *, seen: Seen, tabs: Tabs
) -> None:
    """Type a secret, leave it unsaved for a look at the states, then save it."""
    context = browser.new_context(base_url=board.url)
    context.add_cookies([rest.browser_cookie()])  # pyright: ignore[reportArgumentType]
    page = context.new_page()

    def note(payload: str | bytes) -> None:
        seen.frames.append(payload.encode() if isinstance(payload, str) else payload)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", note)
        socket.on("framesent", note)

    page.on("websocket", listen)
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    page.goto("/environments/new?step=variables")
    page.get_by_role("button", name="+ Secret").click()
    page.get_by_label("Name of the secret").fill("TYPED")
    page.get_by_label("Value of TYPED").fill(TYPED)
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    seen.states.append(tabs.look())
    seen.kept_in_the_browser.append(page.evaluate(kept).encode())
    steps = page.get_by_role("navigation", name="Steps")
    steps.get_by_role("link", name="Basic").click()
    page.get_by_label("Empty folder").check()
    page.get_by_role("main").get_by_label("Name", exact=True).fill("typed")
    steps.get_by_role("link", name="Validation").click()
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(re.compile(r"/environments/[0-9a-f-]{36}/?$"))
    page.goto(f"{page.url.rstrip('/')}/edit?step=variables")
    expect(page.get_by_text("TYPED").first).to_be_visible()
    page.get_by_role("button", name="Replace TYPED").click()
    expect(page.get_by_label("Value of TYPED")).to_have_value("")
    values = "JSON.stringify([...document.querySelectorAll('input, textarea')].map(f => f.value))"
    seen.kept_in_the_browser += [page.evaluate(one).encode() for one in (kept, values)]
    seen.pages.append(page.content().encode())
    seen.states.append(tabs.look())
    context.close()


def _backup(board: BoardProcess) -> bytes:
    file = board.data.parent / "board.backup"
    command = [sys.executable, "-m", "openviber_app", "backup", str(file)]
    environment = {"DATA": str(board.data), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
    return file.read_bytes()
