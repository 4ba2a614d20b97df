"""A36: a session is fixed beforehand, read by a script, sent in the clear, or outlives its end."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from openviber_app.states.wire import ROOT
from openviber_app.states.workspace import Workspace
from tests.support.board_process import BoardProcess, board_process
from tests.support.processes import wait_until
from tests.support.raw_wire import ask, header_of, status_of
from tests.support.reflex_socket import reflex_socket
from tests.support.rest import OWNER, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PLANTED = "openviber_session=planted-by-somebody-else"
BODY = json.dumps({"email": OWNER["email"], "password": OWNER["password"]}).encode()
JSON = {"Content-Type": "application/json"}


ROUNDS = 8
"""So often the tab is left while its own events are still carried out."""

HELLO = {
    "name": f"{ROOT}.hydrate_and_load",
    "payload": {},
    "router_data": {"pathname": "/", "asPath": "/"},
}
"""What a page greets with."""


def sign_in(url: str, **headers: str) -> bytes:
    answer = ask(url, "POST", "/api/sessions", JSON | {"Origin": url} | headers, BODY)
    assert status_of(answer) == 201, answer[:400]
    return answer


def cookie_of(answer: bytes) -> str:
    return (header_of(answer, "set-cookie") or "").partition(";")[0]


def me(url: str, cookie: str) -> int:
    return status_of(ask(url, "GET", "/api/me", {"Cookie": cookie}))


def test_the_cookie_is_for_this_board_and_no_script(board: BoardProcess, rest: Rest) -> None:
    assert rest.token
    flags = (header_of(sign_in(board.url), "set-cookie") or "").lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    assert "path=/" in flags
    assert "domain=" not in flags


def test_behind_tls_it_is_secure(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"PUBLIC_URL": "https://board.example.org"}
    with board_process(tmp_path_factory.mktemp("tls"), settings=settings) as started:
        client = Rest(started.url)
        code = json.dumps({"code": started.setup_code(), **OWNER}).encode()
        headers = JSON | {"Origin": "https://board.example.org"}
        made = ask(client.url, "POST", "/api/setup", headers, code)
        assert status_of(made) == 201
        assert "secure" in (header_of(made, "set-cookie") or "").lower()


def test_a_session_that_was_planted_is_never_the_one_that_counts(
    board: BoardProcess, rest: Rest
) -> None:
    assert rest.token
    answer = sign_in(board.url, Cookie=PLANTED)
    assert cookie_of(answer) not in {"", PLANTED}
    assert me(board.url, PLANTED) == 401
    again = sign_in(board.url, Cookie=cookie_of(answer))
    assert cookie_of(again) != cookie_of(answer)


def test_signing_out_ends_it_on_the_board(board: BoardProcess, rest: Rest) -> None:
    assert rest.token
    cookie = cookie_of(sign_in(board.url))
    assert me(board.url, cookie) == 200
    headers = {"Cookie": cookie, "Origin": board.url}
    assert status_of(ask(board.url, "DELETE", "/api/sessions/current", headers)) == 204
    assert me(board.url, cookie) == 401


def test_what_the_board_keeps_of_it_is_a_hash(board: BoardProcess, rest: Rest) -> None:
    value = rest.cookie.partition("=")[2]
    with closing(sqlite3.connect(board.data / "board.sqlite3")) as database:
        stored = [str(row) for row in database.execute("SELECT * FROM sessions")]
    assert stored
    assert not [row for row in stored if value in row]
    assert all(re.search(r"[0-9a-f]{64}", row) for row in stored)


def taken_over(board: BoardProcess, token: str) -> str:
    """Take a tab's state as soon as the board has noticed that its page is gone; return it."""

    def taken() -> str:
        with reflex_socket(board.url, token=token, boot=HELLO) as stranger:
            said = stranger.settle()
        return "" if "new_token" in said else said

    return wait_until(taken, what="the state of a tab that is gone")


def test_reflexs_own_token_of_a_tab_opens_nothing(
    browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    context = browser.new_context(base_url=board.url)
    kept = rest.browser_cookie() | {"httpOnly": True}  # as the answer of the sign-in says
    context.add_cookies([kept])  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto("/")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.get_by_text(OWNER["name"]).first).to_be_attached()  # so it is in the tab's state
    assert page.evaluate("document.cookie") == ""
    token = page.evaluate("sessionStorage.getItem('token')")
    context.close()
    assert token
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"token={token}"}):
        assert status_of(ask(board.url, "GET", "/api/me", headers)) == 401
    # a stranger who knows it gets the socket, and nothing of the person whose tab it was
    said = taken_over(board, token)
    assert "person" in said
    assert f'"{OWNER["name"]}"' not in said


def test_what_a_tab_asked_for_does_not_reach_who_took_its_token_over(
    board: BoardProcess, rest: Rest
) -> None:
    load = f"{Workspace.get_full_name()}.load"
    for number in range(ROUNDS):
        token = f"a-tab-that-left-{number}"
        with reflex_socket(board.url, token=token, cookie=rest.cookie, boot=HELLO) as tab:
            tab.settle()
            for _ in range(5):
                tab.send(load, pathname="/", asPath="/")
        assert f'"{OWNER["name"]}"' not in taken_over(board, token)
