"""A board's REST routes for nodes over real HTTP, as little as onboarding needs."""

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from openviber_daemon.home import Home
from openviber_daemon.onboarding import onboard
from openviber_protocol.canonical import onboard_signed


@dataclass
class TinyBoard:
    """Knows one token, which works once."""

    url: str = ""
    token: str = "ov_node_once"
    auth_token: str = "ov_auth"
    node_id: uuid.UUID = field(default_factory=uuid.uuid4)
    claims: list[dict[str, Any]] = field(default_factory=list)
    config: dict[str, Any] = field(
        default_factory=lambda: {"environments": [], "bindings": [], "version": "v1"}
    )
    date: str = ""
    raw: tuple[int, bytes] | None = None
    """Answer everything with this."""
    location: str = ""

    def claim(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if said["token"] != self.token or self.claims:
            return 401, {"title": "Not allowed", "detail": "this token was used or has expired"}
        signed = onboard_signed(
            token=said["token"], signing_key=said["signingKey"], sealing_key=said["sealingKey"]
        )
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(said["signingKey"]))
        try:
            key.verify(base64.b64decode(said["signature"]), signed)
        except InvalidSignature:
            return 400, {"detail": "the signature is wrong"}
        self.claims.append(said)
        return 201, {
            "nodeId": str(self.node_id),
            "name": "studio-01",
            "authToken": self.auth_token,
            "hubKey": "aGk=",
            "hubKeyId": "hub-1",
            "hubUrl": self.url + "/hub",
        }


def onboard_to(board: TinyBoard, home: Home, *, token: str = "", replace: bool = False) -> None:
    """Onboard a home with this board's token."""
    onboard(
        home,
        token=token or board.token,
        board_url=board.url,
        name="",
        allow_insecure=False,
        replace=replace,
    )


@contextmanager
def tiny_board() -> Iterator[TinyBoard]:  # noqa: C901 - a server is a class of callbacks
    """Serve it on loopback for as long as the block lasts."""
    board = TinyBoard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(*board.claim(body))

        def do_GET(self) -> None:
            etag = f'"{board.config["version"]}"'
            if self.path != f"/api/nodes/{board.node_id}/config":
                self.answer(404, {"detail": "there is no such page"})
            elif self.headers["Authorization"] != f"Bearer {board.auth_token}":
                self.answer(401, {"detail": "this is not a node's token"})
            elif self.headers["If-None-Match"] == etag:
                self.answer(304, None, etag)
            else:
                self.answer(200, {"config": board.config}, etag)

        def answer(self, status: int, body: dict[str, Any] | None, etag: str = "") -> None:
            content = b"" if body is None else json.dumps(body).encode()
            if board.raw is not None:
                status, content = board.raw
            self.send_response_only(status)
            self.send_header("Date", board.date or self.date_time_string())
            self.send_header("Content-Length", str(len(content)))
            if etag:
                self.send_header("ETag", etag)
            if board.location:
                self.send_header("Location", board.location)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        board.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield board
        finally:
            server.shutdown()
            thread.join()
