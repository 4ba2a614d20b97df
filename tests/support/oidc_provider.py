"""OpenID providers on loopback: one from the package index, and one that can lie.

The first is `oidc-provider-mock`, a process of its own. It always tells the truth and does not look
at PKCE, so the second, which does, answers with whatever tokens a test makes up.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.support.processes import LoggedProcess, answers, free_port

DISCOVERY = "/.well-known/openid-configuration"
ADA = {"sub": "ada-1", "email": "ada@example.org", "email_verified": True, "name": "Ada L"}


@dataclass(frozen=True)
class RealProvider:
    """The process; its people sign in by choosing themselves."""

    url: str

    def set_person(self, sub: str, **claims: object) -> None:
        """Say what is known of somebody."""
        httpx2.put(f"{self.url}/users/{sub}", json=claims, timeout=20).raise_for_status()

    def signed_in(self, authorization_url: str, *, sub: str) -> dict[str, str]:
        """Do what somebody's browser does there; return what it brings back to the board."""
        answer = httpx2.post(authorization_url, data={"sub": sub}, timeout=20)
        assert answer.status_code == 302, answer.text
        return query_of(answer.headers["location"])


@contextmanager
def real_provider(folder: Path) -> Iterator[RealProvider]:
    """Run it for as long as the block runs."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = LoggedProcess(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        log=folder / "oidc-provider.log",
        environment={"PATH": os.environ["PATH"]},
        cwd=folder,
    )
    try:
        process.wait_for(lambda: answers(url + DISCOVERY), what="the OpenID provider")
        yield RealProvider(url)
    finally:
        process.stop()


def query_of(url: str) -> dict[str, str]:
    """Return an address's query."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)


@dataclass
class LyingProvider:
    """Honest until a test changes something; `token` and `claims` are what it answers with."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: _key("first"))
    keys_beside: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What else stands among its keys."""
    claims: dict[str, Any] = field(default_factory=lambda: dict(ADA))
    """Laid over the right claims; None takes one away."""
    sign: Callable[["LyingProvider", dict[str, Any]], str] | None = None
    document: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    answer: tuple[int, bytes] | None = None
    """What the token endpoint says instead."""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, str]] = field(default_factory=list)
    flows: dict[str, dict[str, str]] = field(default_factory=dict)

    def signed_in(self, authorization_url: str) -> dict[str, str]:
        """Do what a browser does there; return what it brings back to the board."""
        asked = query_of(authorization_url)
        assert asked["code_challenge_method"] == "S256"
        self.flows["code-1"] = asked
        return {"state": asked["state"], "code": "code-1"}

    def rotate(self) -> None:
        """Sign with another key from now on, and publish it alone."""
        self.key = _key("second")

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        right = {
            "iss": self.url,
            "aud": asked["client_id"],
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
        }
        claims = {k: v for k, v in (right | self.claims).items() if v is not None}
        return self.sign(self, claims) if self.sign else signed(claims, self.key)

    def respond(self, path: str, body: dict[str, str]) -> tuple[int, bytes]:
        """Answer a request."""
        self.asked.append(path)
        self.bodies.append(body)
        match path:
            case "/.well-known/openid-configuration":
                return 200, json.dumps(self.described()).encode()
            case "/jwks":
                keys = [self.key.as_dict(private=False), *self.keys_beside]
                return 200, json.dumps({"keys": keys}).encode()
            case "/userinfo":
                return 200, json.dumps(self.userinfo).encode()
            case "/token":
                return self.answer or self.token(body)
            case _:
                return 404, b"{}"

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
        } | self.document

    def token(self, body: dict[str, str]) -> tuple[int, bytes]:
        asked = self.flows.pop(body["code"], None)
        digest = hashlib.sha256(body["code_verifier"].encode()).digest()
        if asked is None or asked["code_challenge"] != _packed(digest):
            return 400, b'{"error": "invalid_grant"}'
        told = {"access_token": "at-1", "token_type": "Bearer", "id_token": self.id_token(asked)}
        return 200, json.dumps(told).encode()


def _packed(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def signed(claims: dict[str, Any], key: RSAKey) -> str:
    """Return an ID token as it should be."""
    return jwt.encode({"alg": "RS256", "kid": key.kid or ""}, claims, key)


def unsigned(_: LyingProvider, claims: dict[str, Any]) -> str:
    """Return an ID token that says that it needs no signature."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(_packed(json.dumps(part).encode()) for part in parts) + "."


def by_a_foreign_key(provider: LyingProvider, claims: dict[str, Any]) -> str:
    """Return an ID token by somebody else who uses the provider's key id."""
    return signed(claims, _key(provider.key.kid or ""))


def by_the_public_key(provider: LyingProvider, claims: dict[str, Any]) -> str:
    """Return an ID token whose "shared secret" is the public key, which everybody knows."""
    return _by_a_secret(provider.key.as_pem(private=False), claims, kid=provider.key.kid or "")


def by_a_published_secret(provider: LyingProvider, claims: dict[str, Any]) -> str:
    """Return an ID token by a shared secret that stands among the keys, for everybody to read."""
    secret = b"a secret that everybody can read"
    shared = {"kty": "oct", "kid": "shared", "alg": "HS256", "use": "sig", "k": _packed(secret)}
    provider.keys_beside = [shared]
    return _by_a_secret(secret, claims, kid="shared")


def _by_a_secret(secret: bytes, claims: dict[str, Any], *, kid: str) -> str:
    header = {"alg": "HS256", "kid": kid}
    told = ".".join(_packed(json.dumps(part).encode()) for part in (header, claims))
    return f"{told}.{_packed(hmac.digest(secret, told.encode(), 'sha256'))}"


@contextmanager
def lying_provider() -> Iterator[LyingProvider]:
    """Serve it on loopback for as long as the block lasts."""
    provider = LyingProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply(query_of("/?" + body))

        def reply(self, body: dict[str, str]) -> None:
            status, content = provider.respond(urlsplit(self.path).path, body)
            self.send_response_only(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in provider.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
