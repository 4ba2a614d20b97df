"""Turns away what another site's page sends with a visitor's cookie."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from openviber_app.api.problems import problem
from openviber_app.domain.origins import Sender, is_own_page

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
POLICY_VIOLATION = 1008  # before the accept, the server turns it into HTTP 403
TALKS = ("/api/", "/_event")
"""What answers to scripts, not to people: another site's page may not even read it."""

WORDS = "this request came from another site's page"


def sender_of(headers: Headers) -> Sender:
    """Return what a request says of the page behind it."""
    return Sender(
        origin=headers.get("origin"),
        site=headers.get("sec-fetch-site"),
        host=headers.get("host", ""),
    )


def may_pass(scope: Scope, *, public_url: str) -> bool:
    """Whether a request or a handshake is for the board to answer.

    Sockets of pages come from the board's own pages, a node's from no page. So does every request
    that changes something, and everything that scripts read; a link from elsewhere may still be
    followed. A bearer token is nothing that a browser adds by itself.
    """
    headers = Headers(scope=scope)
    if scope["type"] == "websocket" and scope["path"] == "/hub":
        return "origin" not in headers
    is_own = is_own_page(sender_of(headers), public_url=public_url)
    if is_own or scope["type"] == "websocket":
        return is_own
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    if scope["method"] not in SAFE_METHODS:
        return False
    is_followed = headers.get("sec-fetch-mode") == "navigate"
    return is_followed or not scope["path"].startswith(TALKS)


class NoStrangers:
    """Answers 403 to strangers, to handshakes before they are accepted."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or may_pass(
            scope, public_url=self._public_url
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await problem(403, WORDS)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
