"""A hand-made client of Reflex's socket: it sends what no page would, and keeps all that comes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from openviber_app.states.workspace import Workspace

NAMESPACE = "/_event"
PATIENCE = 30
"""Seconds until a fact that should come is given up; nothing is measured by it."""

_MARKERS = count(1)


@dataclass
class ReflexSocket:
    """One tab; `received` is every byte of it."""

    connection: ClientConnection
    received: list[str] = field(default_factory=list)

    def send(self, name: object, payload: object = None, **router: object) -> None:
        """Send an event as it stands, right or wrong."""
        event = {"name": name, "payload": payload if payload is not None else {}}
        self.emit("event", event | {"router_data": router})

    def emit(self, kind: str, *data: object) -> None:
        """Send a message of socket.io."""
        self.connection.send(f"42{NAMESPACE},{json.dumps([kind, *data])}")

    def settle(self) -> str:
        """Return all that came, once everything sent so far was handled (a tab's are in order)."""
        marker = f"marker-{next(_MARKERS)}"
        path = {"pathname": "/", "asPath": "/"}
        self.send(f"{Workspace.get_full_name()}.open_thread", {"thread_id": marker}, **path)
        self.until(f"/threads/{marker}")
        return self.text

    def until(self, text: str) -> None:
        """Receive until some text came."""
        while text not in self.text:
            said = str(self.connection.recv(timeout=PATIENCE))
            if said == "2":
                self.connection.send("3")
            self.received.append(said)

    @property
    def text(self) -> str:
        return "\n".join(self.received)


@contextmanager
def reflex_socket(
    url: str, *, token: str, cookie: str = "", boot: dict[str, Any] | None = None
) -> Iterator[ReflexSocket]:
    """Connect a tab by its token; `boot` is the event that comes with the greeting."""
    address = f"{url.replace('http', 'ws', 1)}{NAMESPACE}/?EIO=4&transport=websocket&token={token}"
    headers = {"Cookie": cookie} if cookie else {}
    with connect(
        address,
        additional_headers=headers,
        origin=Origin(url),
        compression=None,
        open_timeout=PATIENCE,
    ) as connection:
        opened = ReflexSocket(connection)
        opened.until('"sid"')
        greeting = json.dumps({"event": boot} if boot else {})
        connection.send(f"40{NAMESPACE},{greeting}")
        opened.until(f"40{NAMESPACE},")
        yield opened
