"""Vault's transit engine as its API document describes it, in a process of its own: this one.

https://developer.hashicorp.com/vault/api-docs/secret/transit
"""

import base64
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN = "hvs.test-token"
LONGEST_HOLD = 60.0
Answer = tuple[int, dict[str, Any]]


@dataclass
class Hold:
    """An answer that does not come: `is_due(path)` chooses it, `begun` is set once it is held."""

    is_due: Callable[[str], bool]
    begun: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass
class FakeTransit:
    """One key, `board`; what is set here is how Vault behaves from now on."""

    address: str = ""
    derived: bool = True
    is_sealed: bool = False
    may_rotate: bool = True
    token: str = TOKEN
    versions: list[bytes] = field(default_factory=lambda: [os.urandom(32)])
    _hold: Hold | None = None

    @contextmanager
    def holding(self, is_due: Callable[[str], bool]) -> Iterator[threading.Event]:
        """Do what is asked, yet hold the first answer that is due; yields what says that it is."""
        hold = self._hold = Hold(is_due)
        try:
            yield hold.begun
        finally:
            self._hold = None
            hold.ended.set()

    def wait_before_answering(self, path: str) -> None:
        """Keep whoever asked waiting, if this is the answer to hold."""
        hold = self._hold
        if hold is not None and not hold.begun.is_set() and hold.is_due(path):
            hold.begun.set()
            hold.ended.wait(LONGEST_HOLD)

    def forget(self, version: int) -> None:
        """Lose a version of the key for good, as its owner may once nothing is on it."""
        self.versions[version - 1] = os.urandom(32)

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> Answer:
        if self.is_sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != self.token:
            return 403, {"errors": ["permission denied"]}
        match method, path.removeprefix("/v1/transit/").split("/"):
            case "GET", ["keys", "board"]:
                return 200, {
                    "data": {"derived": self.derived, "latest_version": len(self.versions)}
                }
            case "POST", ["keys", "board", "rotate"] if self.may_rotate:
                self.versions.append(os.urandom(32))
                return 200, {"data": {"latest_version": len(self.versions)}}
            case "POST", ["keys", "board", "rotate"]:
                return 403, {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}
            case "POST", ["encrypt", "board"]:
                version = int(body.get("key_version") or len(self.versions))
                nonce = os.urandom(12)
                plain = base64.b64decode(body["plaintext"])
                sealed = nonce + self._key(version, body["context"]).encrypt(nonce, plain, None)
                text = f"vault:v{version}:{base64.b64encode(sealed).decode()}"
                return 200, {"data": {"ciphertext": text, "key_version": version}}
            case "POST", ["decrypt", "board"]:
                return self._decrypt(body)
            case _:
                return 404, {"errors": []}

    def _decrypt(self, body: dict[str, Any]) -> Answer:
        try:
            _, version, text = body["ciphertext"].split(":")
            raw = base64.b64decode(text, validate=True)
            key = self._key(int(version.removeprefix("v")), body["context"])
            plain = key.decrypt(raw[:12], raw[12:], None)
        except (InvalidTag, ValueError, IndexError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}

    def _key(self, version: int, context: str) -> AESGCM:
        info = base64.b64decode(context, validate=True)
        derived = HKDF(SHA256(), 32, salt=None, info=info).derive(self.versions[version - 1])
        return AESGCM(derived)


@contextmanager
def fake_transit() -> Iterator[FakeTransit]:
    """Serve it on a free port of this machine."""
    fake = FakeTransit()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            token = self.headers.get("x-vault-token", "")
            status, document = fake.answer(self.command, self.path, token, body)
            content = json.dumps(document).encode()
            fake.wait_before_answering(self.path)
            with suppress(OSError):  # who was kept waiting may be gone
                self._send(status, content)

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
