"""What holds for every handler and route that Reflex registers, however many there will be.

The attackers have no cookie, or a member's own; they know every id, and the token of the owner's
tab. Nothing of the owner's may come back, and nothing may change.
"""

import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from openviber_app.openviber_app import CLOSED, app
from openviber_app.states.wire import ARGUMENTS, NOT_FOR_BROWSERS, ROOT
from openviber_app.states.workspace import Workspace
from tests.support.board_process import BoardProcess, board_process
from tests.support.processes import wait_until
from tests.support.reflex_socket import ReflexSocket, reflex_socket
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

MEMBER = {"name": "Mallory", "email": "mallory@example.org", "password": "correct horse battery"}
CONNECT = f"{ROOT}.hydrate_and_load"
WORKSPACE = Workspace.get_full_name()
ROUTES = {"/ping", "/_health", "/_event"}
"""What Reflex serves by itself; a new one has to be decided about: see `CLOSED`."""

FORGED: dict[str, list[dict[str, Any]]] = {
    "setvar": [
        {"var_name": "is_hydrated", "value": True},
        {"var_name": "is_loaded", "value": True},
        {"var_name": "_person_id", "value": "{owner}"},
        {"var_name": "router", "value": {}},
    ],
    "set_is_hydrated": [{"value": True}, {"value": "{environment}"}],
    "hydrate": [{}, {"surprise": 1}],
    "hydrate_and_load": [
        {},
        {"hashes": []},
        {"vars": {f"{WORKSPACE}._person_id": "{owner}"}},
        {"vars": {f"{WORKSPACE}.is_loaded_rx_state_": True}},
        {"hashes": ["x"] * 5000},
    ],
    "on_load_internal": [{}, {"self": 1}],
    "update_vars_internal": [
        {"vars": {f"{WORKSPACE}._person_id": "{owner}"}},
        {"vars": {"no.such.state": 1}},
        {"vars": 7},
    ],
    "handle_frontend_exception": [
        {"info": "TypeError: null is not an object", "component_stack": "\x1b]52;c;x\x07\nline"},
        {"info": 7, "component_stack": None},
    ],
    "load": [{}, {"thread_id": "{thread}"}, {"person_id": "{owner}"}],
    "open_thread": [{"thread_id": "{thread}"}, {"thread_id": 7}, {"thread_id": "x" * 9000}, {}],
    "enter_setup": [{}, {"code": "x"}],
    "enter_sign_in": [{}, {"email": "{owner}"}],
    "enter_by_link": [{}, {"token": "{owner}"}],
}
"""What each handler is sent, by the last part of its name; a new one needs an entry."""

NONSENSE: list[object] = [
    None,
    7,
    "text\nwith a second line",
    [],
    {},
    {"name": None},
    {"name": 7, "payload": {}},
    {"name": "no.such.handler", "payload": {}},
    {"name": "__class__", "payload": {}},
    {"name": f"{WORKSPACE}.load", "payload": []},
    {"name": f"{WORKSPACE}.load", "payload": {}, "router_data": 7},
    {"name": f"{WORKSPACE}.reset", "payload": {}},
    {"name": f"{WORKSPACE}.get_state", "payload": {}},
]

HANDLERS = sorted(app._registration_context.event_handlers)


@dataclass(frozen=True)
class Owned:
    """What the owner has, and what may therefore come back to nobody else."""

    board: BoardProcess
    rest: Rest
    ids: dict[str, str]
    member_cookie: str

    def leaked(self, text: str) -> list[str]:
        """Return what of the owner's is in a text that did not have to say it first."""
        names = ["checkout-secret-place", "Ada", "ada@example.org", self.ids["owner"]]
        return [one for one in names if one in text]

    def filled(self, value: Any) -> Any:
        """Put the owner's ids into what is sent."""
        if isinstance(value, str):
            for name, one in self.ids.items():
                value = value.replace(f"{{{name}}}", one)
            return value
        if isinstance(value, dict):
            return {key: self.filled(one) for key, one in value.items()}
        return value

    def rows(self) -> list[object]:
        """Return everything that is stored, but when somebody was last here."""
        with sqlite3.connect(f"file:{self.board.data}/board.sqlite3?mode=ro", uri=True) as db:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            kept = sorted(n for (n,) in tables if n not in {"sessions", "api_tokens"})
            found = [(n, db.execute(f'SELECT * FROM "{n}"').fetchall()) for n in kept]
        db.close()
        return list(found)


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    with board_process(tmp_path_factory.mktemp("board")) as board:
        rest = Rest(board.url)
        rest.become_owner(board.setup_code())
        environment = rest.environment("checkout-secret-place")
        rest.post("/api/users", MEMBER)
        told = {"email": MEMBER["email"], "password": MEMBER["password"]}
        origin = {"Origin": board.url}
        _, headers, _ = Rest(board.url).call("POST", "/api/sessions", told, headers=origin)
        ids = {
            "owner": rest.get("/api/me")["id"],
            "environment": environment["id"],
            "thread": rest.thread(environment, title="private words")["id"],
        }
        yield Owned(board, rest, ids, headers["set-cookie"].partition(";")[0])


def boot(path: str = "/") -> dict[str, Any]:
    """Return what a page greets with."""
    router = {"pathname": path, "asPath": path}
    return {"name": CONNECT, "payload": {}, "router_data": router}


def tab_of_the_owner(owned: Owned) -> str:
    """Open the owner's tab, fill it and close it; return its token, which somebody overheard."""
    token = str(uuid4())
    with reflex_socket(
        owned.board.url, token=token, cookie=owned.rest.cookie, boot=boot()
    ) as socket:
        socket.until("checkout-secret-place")
        assert set(owned.leaked(socket.text)) >= {"checkout-secret-place", "Ada"}
    return token


def attack(owned: Owned, socket: ReflexSocket) -> str:
    """Send everything that is forged, from the owner's places; return all that came back."""
    places = ("/", f"/threads/{owned.ids['thread']}", f"/environments/{owned.ids['environment']}")
    for place in places:
        router = {"pathname": place, "asPath": place, "headers": {"cookie": owned.ids["owner"]}}
        for name in HANDLERS:
            for payload in FORGED[name.rpartition(".")[2]]:
                socket.send(name, owned.filled(payload), **router)
    for nonsense in NONSENSE:
        socket.emit("event", nonsense)
    socket.emit("no_such_event", {})
    socket.emit("client_error", {"error_type": "x\ny", "message": "\x1b[31m"})
    return socket.settle()


def test_every_handler_is_decided_about() -> None:
    assert set(HANDLERS) == set(ARGUMENTS) | NOT_FOR_BROWSERS
    assert not set(ARGUMENTS) & NOT_FOR_BROWSERS
    assert {name.rpartition(".")[2] for name in HANDLERS} == set(FORGED)


@pytest.mark.parametrize("who", ["nobody", "member"])
def test_what_is_forged_shows_and_changes_nothing(owned: Owned, who: str) -> None:
    cookie = owned.member_cookie if who == "member" else ""
    before = owned.rows()
    for greeting in (None, boot(), boot(f"/threads/{owned.ids['thread']}")):
        with reflex_socket(
            owned.board.url, token=str(uuid4()), cookie=cookie, boot=greeting
        ) as socket:
            said = attack(owned, socket)
        assert owned.leaked(said) == []
        assert ("Mallory" in said) is (who == "member")  # their own tab works
    assert owned.rows() == before


@pytest.mark.parametrize("who", ["nobody", "member"])
@pytest.mark.parametrize("greeting", [True, False])
def test_the_token_of_the_owners_tab_opens_nothing(
    owned: Owned, who: str, *, greeting: bool
) -> None:
    cookie = owned.member_cookie if who == "member" else ""
    token = tab_of_the_owner(owned)

    def taken() -> str:
        """Take the state over as soon as the board has noticed that the owner is gone."""
        hello = boot() if greeting else None
        with reflex_socket(owned.board.url, token=token, cookie=cookie, boot=hello) as socket:
            said = attack(owned, socket)
        return "" if "new_token" in said else said

    assert owned.leaked(wait_until(taken, what="the owner's tab to be gone")) == []


def test_the_token_of_a_tab_that_is_open_is_given_to_nobody(owned: Owned) -> None:
    token = str(uuid4())
    with (
        reflex_socket(
            owned.board.url, token=token, cookie=owned.rest.cookie, boot=boot()
        ) as owners,
        reflex_socket(owned.board.url, token=token, boot=boot()) as thief,
    ):
        said = attack(owned, thief)
        assert "new_token" in said
        assert owned.leaked(said) == []
        assert "new_token" not in owners.settle()


def test_who_signs_out_leaves_nothing_in_the_tab(owned: Owned) -> None:
    told = {"email": MEMBER["email"], "password": MEMBER["password"]}
    origin = {"Origin": owned.board.url}
    _, headers, _ = Rest(owned.board.url).call("POST", "/api/sessions", told, headers=origin)
    cookie = headers["set-cookie"].partition(";")[0]
    with reflex_socket(owned.board.url, token=str(uuid4()), cookie=cookie, boot=boot()) as socket:
        socket.until("Mallory")
        Rest(owned.board.url).call(
            "DELETE", "/api/sessions/current", headers=origin | {"Cookie": cookie}
        )
        socket.settle()
        socket.received.clear()
        socket.send(CONNECT, {}, pathname="/", asPath="/")
        assert "Mallory" not in socket.settle()


def test_nothing_that_was_sent_wrote_its_own_lines_into_the_log(owned: Owned) -> None:
    said = owned.board.process.output()
    assert "with a second line" not in said
    assert "\x1b" not in said
    assert "Traceback" not in said


def test_the_routes_that_reflex_adds_are_known() -> None:
    assert {getattr(route, "path", "") for route in app._api.routes} == ROUTES  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [p.replace("{rest:path}", "any/file") for p in CLOSED])
def test_what_nobody_needs_is_not_there(owned: Owned, path: str, method: str) -> None:
    request = urllib.request.Request(
        owned.board.url + path, method=method, data=b"x" if method == "POST" else None
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=20)
    caught.value.close()
    assert caught.value.code == (404 if method == "GET" else 405)
