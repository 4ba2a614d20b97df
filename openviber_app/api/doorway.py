"""Strangers who ask for a page are sent to the door before any of it is loaded."""

from urllib.parse import quote

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from openviber_app.services import accounts
from openviber_app.services.runtime import current
from openviber_app.services.visitors import cookie_name

SET_UP, SIGN_IN = "/setup/", "/sign-in/"
"""With the slash under which the built page is served, so that it costs no second redirect."""

OPEN = {SIGN_IN, "/join/", "/reset/"}
"""Pages for people who are not signed in, on a board that has its owner."""


def is_page(request: Request) -> bool:
    """Whether a browser asks for a page to show, and not for a file, the API or in a program."""
    path = request.url.path
    if request.method not in {"GET", "HEAD"} or path.startswith(("/api/", "/_")):
        return False
    if "." in path.rpartition("/")[2]:
        return False
    wanted = request.headers.get("sec-fetch-dest")
    return wanted == "document" if wanted else "text/html" in request.headers.get("accept", "")


def door_for(path: str, query: str, *, is_setup_needed: bool) -> str | None:
    """Return where a stranger goes who asked for a page; None where they may stay."""
    if is_setup_needed:
        return None if path == SET_UP else SET_UP
    if path in OPEN:
        return None
    if path in {SET_UP, "/"}:
        return SIGN_IN
    back = path.rstrip("/") + (f"?{query}" if query else "")
    return f"{SIGN_IN}?next={quote(back, safe='')}"


class Doorway:
    """Answers a stranger's request for a page with the door; whoever has a cookie passes.

    Whether that cookie is still worth something, the page asks by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            if is_page(request) and not request.cookies.get(cookie_name(current())):
                is_needed = await accounts.is_setup_needed(current())
                url: URL = request.url
                path = url.path.rstrip("/") + "/"
                door = door_for(path, url.query, is_setup_needed=is_needed)
                if door:
                    answer = RedirectResponse(door, 303, headers={"cache-control": "no-store"})
                    await answer(scope, receive, send)
                    return
        await self._app(scope, receive, send)
