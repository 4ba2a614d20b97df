"""How many sockets one visitor, one node or one address may hold at a time."""

from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from openviber_app.domain.ip_addresses import brake_key
from openviber_app.services.runtime import Runtime, current
from openviber_app.services.visitors import client_of, cookie_name

PER_VISITOR = 128
"""A tab holds two: Reflex's and `/api/live`."""

PER_NODE = 8
"""A node holds one; a new one takes its place before the old one is quite gone."""

PER_ADDRESS = 1024
"""Of browsers, and of a whole IPv6 /64. A proxy that nobody named is one address too, so this is
for floods, not for people."""

FULL = 1008  # before the accept, the server turns it into HTTP 403


class Crowd:
    """Refuses a socket, before it is accepted, to who holds too many already."""

    def __init__(
        self,
        app: ASGIApp,
        runtime: Callable[[], Runtime] = current,
        *,
        per_visitor: int = PER_VISITOR,
        per_address: int = PER_ADDRESS,
    ) -> None:
        self._app = app
        self._runtime = runtime
        self._per_visitor = per_visitor
        self._per_address = per_address
        self._held: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        limits = self._limits(HTTPConnection(scope))
        if any(self._held[key] >= limit for key, limit in limits.items()):
            await send({"type": "websocket.close", "code": FULL})
            return
        self._held.update(limits.keys())
        try:
            await self._app(scope, receive, send)
        finally:
            for key in limits:
                self._held[key] -= 1
                if not self._held[key]:
                    del self._held[key]

    def _limits(self, socket: HTTPConnection) -> dict[str, int]:
        """Return what this socket counts for; a credential is kept as its hash only."""
        runtime = self._runtime()
        is_node = socket.scope["path"] == "/hub"
        cookie = socket.cookies.get(cookie_name(runtime), "")
        shown = socket.headers.get("authorization") or cookie
        limits: dict[str, int] = {}
        if shown:
            holder = sha256(shown.encode()).hexdigest()
            limits[f"holder {holder}"] = PER_NODE if is_node else self._per_visitor
        if not (is_node and shown):  # nodes behind one address may be many
            address = brake_key(client_of(socket, runtime))
            limits[f"address {address}"] = self._per_address
        return limits
