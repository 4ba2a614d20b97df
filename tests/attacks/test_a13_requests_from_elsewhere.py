"""A13: another site's page sends requests, forms and frames with the visitor's cookie."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.board_process import BoardProcess
from tests.support.raw_wire import ask, header_of, status_of
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

EVIL = "http://evil.test"
NEW = b'{"name": "planted", "type": "manual"}'
JSON = {"Content-Type": "application/json"}


def environments(rest: Rest) -> list[str]:
    return [made["name"] for made in rest.get("/api/environments")["environments"]]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_changes_something_is_refused(board: BoardProcess, rest: Rest, method: str) -> None:
    for sent in ({"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}):
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            headers = {"Cookie": rest.cookie, "Content-Type": kind, **sent}
            answer = ask(board.url, method, "/api/environments", headers, NEW)
            assert status_of(answer) == 403, (sent, kind)
            assert header_of(answer, "Access-Control-Allow-Origin") is None
    assert "planted" not in environments(rest)


@pytest.mark.parametrize(
    "path", ["/api/me", "/api/environments", "/_event/?EIO=4&transport=polling"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_answer_is_readable_elsewhere(
    board: BoardProcess, rest: Rest, path: str, method: str
) -> None:
    headers = {
        "Cookie": rest.cookie,
        "Origin": EVIL,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = ask(board.url, method, path, headers)
    assert status_of(answer) == 403
    assert header_of(answer, "Access-Control-Allow-Origin") is None
    assert header_of(answer, "Access-Control-Allow-Credentials") is None


def test_nobody_is_signed_in_or_out_from_elsewhere(board: BoardProcess, rest: Rest) -> None:
    sent = {"Origin": EVIL, **JSON}
    body = b'{"email": "ada@example.org", "password": "correct horse battery staple"}'
    assert status_of(ask(board.url, "POST", "/api/sessions", sent, body)) == 403
    gone = ask(board.url, "DELETE", "/api/sessions/current", sent | {"Cookie": rest.cookie})
    assert status_of(gone) == 403
    assert status_of(ask(board.url, "GET", "/api/me", {"Cookie": rest.cookie})) == 200


# ------------------------------------------------------------ the same, by a real browser

PAGE = """<!DOCTYPE html><title>elsewhere</title>
<iframe name="sink"></iframe>
<form id="form" method="post" target="sink" enctype="text/plain" action="{board}/api/environments">
  <input name='{{"name": "planted", "type": "manual", "x' value='": 1}}'></form>
"""


@pytest.fixture(scope="module")
def elsewhere(board: BoardProcess) -> Iterator[str]:
    """A second origin of the same site: the worst case, for it is sent a Lax cookie."""
    content = PAGE.format(board=board.url).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - base class's name
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def evil(browser: Browser, board: BoardProcess, rest: Rest, elsewhere: str) -> Iterator[Page]:
    """The visitor, signed in to the board, has the other site's page open."""
    assert board
    context = browser.new_context()
    context.add_cookies([rest.browser_cookie()])  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto(elsewhere)
    yield page
    context.close()


def test_a_form_plants_nothing(evil: Page, rest: Rest, board: BoardProcess) -> None:
    with evil.expect_response(f"{board.url}/api/environments") as answered:
        evil.evaluate("document.getElementById('form').submit()")
    assert answered.value.status == 403
    assert "planted" not in environments(rest)


def test_a_script_reads_and_changes_nothing(evil: Page, rest: Rest, board: BoardProcess) -> None:
    found = evil.evaluate(
        """async (board) => {
          const tried = async (path, options) => {
            try {
              const answer = await fetch(board + path, { credentials: "include", ...options });
              return `${answer.type} ${answer.status} ${await answer.text()}`;
            } catch (error) { return "failed"; }
          };
          const body = '{"name": "planted", "type": "manual"}';
          const plain = { "Content-Type": "text/plain" };
          return [
            await tried("/api/me", {}),
            await tried("/api/me", { mode: "no-cors" }),
            await tried("/api/environments", { method: "POST", body, headers: plain }),
            await tried("/api/environments", { method: "POST", body, mode: "no-cors" }),
            await tried("/_event/?EIO=4&transport=polling", {}),
          ];
        }""",
        board.url,
    )
    assert all(answer in {"failed", "opaque 0 "} for answer in found), found
    assert "planted" not in environments(rest)


@pytest.mark.parametrize("path", ["/api/live", "/_event/?EIO=4&transport=websocket", "/hub"])
def test_a_script_gets_no_socket(evil: Page, board: BoardProcess, path: str) -> None:
    said = evil.evaluate(
        """(url) => new Promise((done) => {
          const socket = new WebSocket(url);
          socket.onopen = () => done("open");
          socket.onclose = (event) => done(`closed ${event.code}`);
        })""",
        board.url.replace("http", "ws") + path,
    )
    assert said == "closed 1006"


@pytest.mark.parametrize("path", ["/", "/settings", "/api/me"])
def test_no_page_of_the_board_lies_in_a_frame(evil: Page, board: BoardProcess, path: str) -> None:
    said: list[str] = []
    evil.on("console", lambda message: said.append(message.text))
    evil.evaluate(
        """(url) => new Promise((done) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          frame.onload = done;
          document.body.append(frame);
        })""",
        board.url + path,
    )
    frame = next(f for f in evil.frames if f.parent_frame and f.name != "sink" and f.url)
    assert "OpenViber" not in frame.content()
    assert "ada@example.org" not in frame.content()
    evil.evaluate("document.querySelector('iframe:not([name])').remove()")


def test_no_script_or_picture_of_the_board_is_embedded(evil: Page, board: BoardProcess) -> None:
    loaded = evil.evaluate(
        """(urls) => Promise.all(urls.map((url) => new Promise((done) => {
          const element = document.createElement("script");
          element.onload = () => done("loaded");
          element.onerror = () => done("refused");
          element.src = url;
          document.body.append(element);
        })))""",
        [f"{board.url}/api/me", f"{board.url}/api/openapi.json"],
    )
    assert loaded == ["refused", "refused"]
