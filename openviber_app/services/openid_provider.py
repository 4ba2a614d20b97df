"""The conversation with an OpenID provider: where to send a browser, what its answer proves."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from openviber_app.domain.clock import Clock
from openviber_app.domain.openid import (
    OpenIdRefusedError,
    OpenIdSettings,
    Proof,
    Refusal,
    is_safe_address,
)
from openviber_app.domain.people import normal_email
from openviber_app.settings import Settings

if TYPE_CHECKING:
    from httpx2 import Response

CALLBACK = "/api/openid/callback"
DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
SECONDS = 10.0
"""For one whole exchange, however many requests it takes."""
MAX_BYTES = 256 * 1024
KEPT_SECONDS = 3600.0
REFRESH_SECONDS = 30.0
"""Keys are asked for again at most this often, however many tokens name an unknown one."""
LEEWAY_SECONDS = 60
SUBJECT_MAX = 255
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures by a private key of the provider; never `none`, never one by the shared secret."""
KEY_TYPES = {"RSA", "EC", "OKP"}


Client = Any
"""authlib's AsyncOAuth2Client; what it inherits of httpx2 is hidden from type checkers."""

STUMBLES = (ValueError, TypeError, KeyError, AttributeError)
"""What the libraries raise for an answer of another shape than the standards give it."""


class _Nonsense(ValueError):  # noqa: N818 - becomes a refusal at once
    pass


class OpenIdProvider:
    """One provider; its document and its keys are kept for an hour."""

    def __init__(self, settings: OpenIdSettings, *, redirect_uri: str, clock: Clock) -> None:
        self._settings = settings
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._document: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, list[dict[str, Any]]] | None = None
        self._tls: Any = None

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "OpenIdProvider | None":
        """Return the provider that the owner set, if any."""
        if settings.openid is None:
            return None
        return cls(settings.openid, redirect_uri=settings.public_url + CALLBACK, clock=clock)

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser goes to prove who it belongs to.

        Raises:
            OpenIdRefusedError: the provider does not answer.
        """
        async with self._client() as client:
            document = await self._get_document(client)
            url, _ = client.create_authorization_url(
                document["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return url

    async def prove(self, *, code: str, nonce: str, verifier: str) -> Proof:
        """Exchange the code that a browser brought for what the provider vouches for.

        Raises:
            OpenIdRefusedError: it proves nothing, or the provider does not answer.
        """
        async with self._client() as client:
            document = await self._get_document(client)
            methods = document.get("token_endpoint_auth_methods_supported") or []
            if "client_secret_basic" not in methods and "client_secret_post" in methods:
                client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105 - a method
            token = await client.fetch_token(
                document["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=self._redirect_uri,
            )
            claims = await self._checked(client, token, nonce)
            if "email" not in claims and document.get("userinfo_endpoint"):
                claims = await self._with_userinfo(client, document["userinfo_endpoint"], claims)
        return _proof(claims)

    def require_issuer(self, issuer: str) -> None:
        """Refuse an answer that says another provider gave it (RFC 9207).

        Raises:
            OpenIdRefusedError: that is so.
        """
        if issuer.rstrip("/") != self._settings.issuer.rstrip("/"):
            raise self._refused(Refusal.PROOF, "the answer names another issuer")

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Client]:
        # 20 MB and 0.3 s that only a board with a provider pays, and only once somebody uses it
        import httpx2  # noqa: PLC0415
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415
        from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415

        self._tls = self._tls or httpx2.create_ssl_context()  # 30 ms, once
        client = cast("type[Client]", AsyncOAuth2Client)(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret.open(),
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            follow_redirects=False,
            timeout=SECONDS,
            verify=self._tls,
            event_hooks={"response": [_read_at_most]},
        )
        try:
            async with asyncio.timeout(SECONDS), client:
                yield client
        except (AuthlibBaseError, JoseError) as error:
            raise self._refused(Refusal.PROOF, f"{type(error).__name__}: {error}") from error
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, *STUMBLES) as error:
            raise self._refused(Refusal.AWAY, f"{type(error).__name__}: {error}") from error

    async def _get_document(self, client: Client) -> dict[str, Any]:
        now = self._clock.boottime()
        if self._document is not None and now - self._document[0] < KEPT_SECONDS:
            return self._document[1]
        found = await _get_json(client, self._settings.issuer.rstrip("/") + DISCOVERY)
        # a slash at the end is the one difference that owners make without meaning it
        if str(found.get("issuer")).rstrip("/") != self._settings.issuer.rstrip("/"):
            raise _Nonsense("its document is of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe_address(str(found.get(name))):
                raise _Nonsense(f"its document has no {name} that can be used")
        if "userinfo_endpoint" in found and not is_safe_address(str(found["userinfo_endpoint"])):
            raise _Nonsense("its userinfo_endpoint cannot be used")
        self._document = (now, found)
        return found

    async def _get_keys(self, client: Client, *, again: bool) -> list[dict[str, Any]]:
        now = self._clock.boottime()
        fresh_for = REFRESH_SECONDS if again else KEPT_SECONDS
        if self._keys is not None and now - self._keys[0] < fresh_for:
            return self._keys[1]
        document = await self._get_document(client)
        keys = (await _get_json(client, document["jwks_uri"])).get("keys")
        if not isinstance(keys, list):
            raise _Nonsense("it lists no keys")
        usable = [
            key
            for key in keys
            if isinstance(key, dict)
            and key.get("kty") in KEY_TYPES
            and key.get("use", "sig") == "sig"
        ]
        self._keys = (now, usable)
        return usable

    async def _checked(
        self, client: Client, token: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        """Return the claims of an ID token that is signed, meant for this board, and fresh."""
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - see _client
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import BadSignatureError, InvalidKeyIdError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415
        from joserfc.jws import JWSRegistry  # noqa: PLC0415

        text = token.get("id_token")
        if not isinstance(text, str):
            raise self._refused(Refusal.PROOF, "the answer has no ID token")
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)

        def opened(keys: list[dict[str, Any]]) -> Any:
            return jwt.decode(text, KeySet.import_key_set({"keys": keys}), registry=registry)

        try:
            found = opened(await self._get_keys(client, again=False))
        except (BadSignatureError, InvalidKeyIdError):  # the provider may have a new key
            found = opened(await self._get_keys(client, again=True))
        document = await self._get_document(client)
        claims = CodeIDToken(
            found.claims,
            found.header,
            {
                "iss": {"essential": True, "value": document["issuer"]},
                "aud": {"essential": True, "value": self._settings.client_id},
                "sub": {"essential": True},
            },
            {
                "nonce": nonce,
                "client_id": self._settings.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_SECONDS)
        if not claims["sub"] or len(claims["sub"]) > SUBJECT_MAX:
            raise self._refused(Refusal.PROOF, "the ID token names nobody")
        return dict(claims)

    async def _with_userinfo(
        self, client: Client, url: str, claims: dict[str, Any]
    ) -> dict[str, Any]:
        """Add what the provider tells only there; it has to speak of the same person."""
        told = _object(await client.get(url))
        if told.get("sub") != claims["sub"]:
            raise self._refused(Refusal.PROOF, "the user info is somebody else's")
        return {
            name: told[name] for name in ("email", "email_verified", "name") if name in told
        } | (claims)

    def _refused(self, refusal: Refusal, reason: str) -> OpenIdRefusedError:
        return OpenIdRefusedError(refusal, reason, name=self._settings.name)


async def _read_at_most(response: "Response") -> None:
    """Read an answer that is small and not packed: before anybody else can read a larger one."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise _Nonsense("it sent a packed answer that nobody asked for")
    read = bytearray()
    async for chunk in response.aiter_raw():
        read += chunk
        if len(read) > MAX_BYTES:
            raise _Nonsense(f"it sent more than {MAX_BYTES} bytes")
    response._content = bytes(read)  # noqa: SLF001 - what aread() would leave


async def _get_json(client: Client, url: str) -> dict[str, Any]:
    return _object(await client.request("GET", url, withhold_token=True))


def _object(response: "Response") -> dict[str, Any]:
    if response.status_code != 200:  # noqa: PLR2004 - redirects are not followed
        raise _Nonsense(f"it answered {response.status_code} for {response.url.path}")
    found = json.loads(response.content)
    if not isinstance(found, dict):
        raise _Nonsense("it answered something else than an object")
    return found


def _proof(claims: Mapping[str, Any]) -> Proof:
    email = claims.get("email")
    name, verified = claims.get("name"), claims.get("email_verified")
    return Proof(
        issuer=claims["iss"],
        subject=claims["sub"],
        email=normal_email(email) if isinstance(email, str) else "",
        is_verified=verified is True or verified == "true",  # some say it as a text
        name=name if isinstance(name, str) else "",
    )
