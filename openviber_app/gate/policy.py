"""What a browser may do with what the board serves: the headers that say so.

The Content-Security-Policy of the pages has three exceptions from "nothing but our own files":

- `script-src` names the hashes of the inline scripts that the build wrote into its pages: the
  theme's, which has to run before the first paint, and React's own, which bring a page to life.
  They are read from the built pages when the board starts. No other inline script runs, no
  `eval`, no script that a page makes up.
- `style-src` likewise names the hashes of the `<style>` elements in the built pages (emotion's),
  and that of an empty one: emotion adds those, and fills them through the CSSOM, which the policy
  does not touch. No other inline style applies, and no `style` attribute in markup.
- `img-src` has `data:` for the small signs drawn in our own style sheets. An image runs nothing.

`connect-src 'self'` covers the sockets: they go to the page's own host.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""An answer of the API is no page, whatever a browser is made to believe."""

ALWAYS = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
WITH_PAGES = {
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
}


def _sources(texts: Iterable[str]) -> str:
    """Return the hashes by which a policy names inline scripts and styles."""
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def page_policy(built: Path) -> str:
    """Return the policy of the pages that the build put into this folder."""
    pages = [file.read_text(encoding="utf-8") for file in sorted(built.rglob("*.html"))]
    scripts = dict.fromkeys(text for page in pages for text in _SCRIPT.findall(page))
    styles = dict.fromkeys(text for page in pages for text in _STYLE.findall(page))
    styles[""] = None  # emotion's empty elements
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {_sources(scripts)}".rstrip(),
            f"style-src 'self' {_sources(styles)}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Protected:
    """Adds to every answer what a browser may do with it."""

    def __init__(self, app: ASGIApp, *, built: Path) -> None:
        self._app = app
        self._page_policy = page_policy(built)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._wanted(scope["path"], headers).items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, with_headers)

    def _wanted(self, path: str, headers: MutableHeaders) -> dict[str, str]:
        if path.startswith(("/api/", "/_event")):
            return ALWAYS | {
                "content-security-policy": API_POLICY,
                "referrer-policy": "no-referrer",
            }
        if headers.get("content-type", "").startswith("text/html"):
            return ALWAYS | WITH_PAGES | {"content-security-policy": self._page_policy}
        return ALWAYS  # a script, a style, a picture: what they may do is said by their page
