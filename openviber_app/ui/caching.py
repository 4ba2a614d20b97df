"""How long a browser may keep the files of the pages."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOREVER = "public, max-age=31536000, immutable"
A_WEEK = "public, max-age=604800"
ASK_FIRST = "no-cache"  # kept, but never used without asking whether it is still the same


def lifetime(path: str) -> str:
    """Return what a browser may do with the file at this address.

    The build puts a hash of the content into every name below `/assets/`; what has no hash in its
    name, the pages themselves above all, would otherwise outlive an upgrade of the board.
    """
    if path.startswith("/assets/"):
        return FOREVER
    if path.startswith("/fonts/"):
        return A_WEEK
    return ASK_FIRST


class CachedFiles:
    """Says of every file how long it may be kept; what the API and the sockets say stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(("/api/", "/_event")):
            await self._app(scope, receive, send)
            return

        async def with_lifetime(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_there = message["status"] in {200, 304}
                headers = MutableHeaders(scope=message)
                headers.setdefault(
                    "cache-control", lifetime(scope["path"]) if is_there else "no-store"
                )
            await send(message)

        await self._app(scope, receive, with_lifetime)
