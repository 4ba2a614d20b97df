"""Names the scripts of a page in the head of its answer, so that a browser asks for all at once.

Pages with an id in their address are served as one document that knows no page: a browser would
find out by running its scripts what else it needs, round by round.
"""

import json
import re
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PARAMETER = re.compile(r":\w+")
ID = "([0-9a-f-]{36})"
EQUALS = "window.__reactRouterManifest="

DATA = {"threads/:thread": "/api/threads/{0}/timeline?limit=50"}
"""What a page asks the API for first, with the ids of its address (`ui/live/thread_store.js`).

No address to which it may also send something: Chromium would complain of the other method.
"""


def links_by_page(folder: Path) -> list[tuple[re.Pattern[str], str]]:
    """Return the `Link` header of each page with an id in its address, by a pattern of addresses.

    `{0}` in a header stands for the address's first id.

    Read from what the bundler wrote about its own build; an unknown form of that gives nothing.
    """
    found: list[tuple[re.Pattern[str], str]] = []
    for manifest in folder.glob("assets/manifest-*.js"):
        text = manifest.read_text()
        if not text.startswith(EQUALS):
            continue
        routes = json.loads(text.removeprefix(EQUALS).rstrip(";\n"))["routes"]
        begun = set(routes["root"]["imports"]) | {routes["root"]["module"]}  # in the document
        for route in routes.values():
            path = route.get("path") or ""
            if ":" not in path:
                continue
            scripts = [route["module"], *(one for one in route["imports"] if one not in begun)]
            named = [f"<{script}>; rel=modulepreload" for script in scripts]
            if path in DATA:
                named.append(f"<{DATA[path]}>; rel=preload; as=fetch; crossorigin")
            found.append((re.compile(f"/{PARAMETER.sub(ID, path)}/?"), ", ".join(named)))
    return found


class Preloads:
    """Adds the header to the pages that have one."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._pages = links_by_page(folder)

    def _link(self, path: str) -> str:
        for page, link in self._pages:
            if found := page.fullmatch(path):
                return link.format(*found.groups())
        return ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        link = self._link(scope["path"]) if scope["type"] == "http" else ""
        if not link:
            await self._app(scope, receive, send)
            return

        async def with_link(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:  # noqa: PLR2004
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["link"] = link
            await send(message)

        await self._app(scope, receive, with_link)
