"""What a page may not do: complain in its console, load from elsewhere, miss what it asks for."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

ALLOWED = {
    r"Failed to load resource: the server responded with a status of 4\d\d .* @ \S*/api/": (
        "Chromium says so of every refusal; the page says it in words, at its place"
    ),
    r"net::ERR_ABORTED": "a page that is left breaks off what it was loading",
    r"net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|"
    r"INTERNET_DISCONNECTED|NETWORK_CHANGED|INCOMPLETE_CHUNKED_ENCODING)": (
        "tests stop boards and cut networks; that the page lives through it is what they look at"
    ),
    r"WebSocket connection to .* failed: (Connection closed|WebSocket is closed|Error during "
    r"WebSocket handshake: Unexpected response code: 40[13])": (
        "likewise, and of a page that is left while it connects or whose session has ended"
    ),
}
"""Complaints that tell of no fault of a page, each with the reason."""


def is_allowed(complaint: str) -> bool:
    """Whether a complaint tells of no fault."""
    return any(re.search(pattern, complaint) for pattern in ALLOWED)


@dataclass
class Complaints:
    """Listens to every page of a browser's context; `found` is what is wrong with them."""

    origin: str
    found: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        """Begin."""
        context.on("console", self._said)
        context.on("requestfailed", self._failed)
        context.on("request", self._asked)
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"{message.type}: {message.text} @ {message.location.get('url', '')}")

    def _failed(self, request: Request) -> None:
        self._note(f"request: {request.failure} @ {request.url}")

    def _asked(self, request: Request) -> None:
        parts, ours = urlsplit(request.url), urlsplit(self.origin)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != ours.netloc:
            self._note(f"elsewhere: {request.url}")

    def _note(self, complaint: str) -> None:
        if not is_allowed(complaint):
            self.found.append(complaint)
