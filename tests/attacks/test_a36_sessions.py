"""A36: a session is fixed beforehand, read by a script, sent in the clear, or outlives its end."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser

from tests.support.board_process import BoardProcess, board_process
from tests.support.raw_wire import ask, header_of, status_of
from tests.support.rest import OWNER, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PLANTED = "openviber_session=planted-by-somebody-else"
BODY = json.dumps({"email": OWNER["email"], "password": OWNER["password"]}).encode()
JSON = {"Content-Type": "application/json"}


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


def test_reflexs_own_token_of_a_tab_opens_nothing(
    browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    context = browser.new_context(base_url=board.url)
    kept = rest.browser_cookie() | {"httpOnly": True}  # as the answer of the sign-in says
    context.add_cookies([kept])  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto("/")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("document.cookie") == ""
    token = page.evaluate("sessionStorage.getItem('token')")
    context.close()
    assert token
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"token={token}"}):
        assert status_of(ask(board.url, "GET", "/api/me", headers)) == 401
    # a stranger who knows it gets the socket, and nothing of the person whose tab it was
    stranger = browser.new_context(base_url=board.url)
    other = stranger.new_page()
    other.add_init_script(f"sessionStorage.setItem('token', {json.dumps(token)})")
    received: list[str] = []
    other.on("websocket", lambda s: s.on("framereceived", lambda f: received.append(str(f))))
    other.goto("/")
    other.wait_for_url("**/sign-in**")
    stranger.close()
    assert not [text for text in received if OWNER["email"] in text]
