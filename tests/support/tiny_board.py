"""A board's REST routes for nodes over real HTTP, as little as onboarding needs."""

import base64
import hashlib
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
from openviber_protocol.canonical import key_id, onboard_signed, rotate_signed


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
    signing_key: str = ""
    """The node's, as it was last taken."""
    token_hash: str = ""
    """Of the token that the node chose itself, if it did."""
    loses_answer: bool = False
    """Take new keys, and break off before saying so."""
    refuses_keys: int = 0

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
        self.signing_key = said["signingKey"]
        return 201, {
            "nodeId": str(self.node_id),
            "name": "studio-01",
            "authToken": self.auth_token,
            "hubKey": "aGk=",
            "hubKeyId": "hub-1",
            "hubUrl": self.url + "/hub",
        }

    def knows(self, authorization: str) -> bool:
        token = authorization.removeprefix("Bearer ")
        if not self.token_hash:
            return token == self.auth_token
        return hashlib.sha256(token.encode()).hexdigest() == self.token_hash

    def take_keys(self, said: dict[str, Any], authorization: str) -> tuple[int, dict[str, Any]]:
        if self.refuses_keys:
            return self.refuses_keys, {"detail": "not today"}
        if not self.knows(authorization):
            return 401, {"detail": "this is not a node's token"}
        old = base64.b64decode(self.signing_key)
        signed = rotate_signed(
            node_id=self.node_id,
            old_key_id=key_id(old),
            signing_key=said["signingKey"],
            sealing_key=said["sealingKey"],
            token_hash=said["tokenHash"],
        )
        new = base64.b64decode(said["signingKey"])
        for key, signature in ((old, said["signature"]), (new, said["proof"])):
            Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature), signed)
        self.signing_key, self.token_hash = said["signingKey"], said["tokenHash"]
        return 200, {"signingKeyId": key_id(new), "sealingKeyId": ""}


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
            if self.path == "/api/nodes/onboard":
                self.answer(*board.claim(body))
                return
            answer = board.take_keys(body, self.headers["Authorization"])
            if board.loses_answer:
                self.close_connection = True
            else:
                self.answer(*answer)

        def do_GET(self) -> None:
            etag = f'"{board.config["version"]}"'
            if self.path != f"/api/nodes/{board.node_id}/config":
                self.answer(404, {"detail": "there is no such page"})
            elif not board.knows(self.headers["Authorization"]):
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
