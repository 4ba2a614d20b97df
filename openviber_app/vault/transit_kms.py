"""Data keys wrapped by HashiCorp Vault's or OpenBao's transit engine, over its HTTP API."""

import base64
import binascii
from collections.abc import Callable, Collection
from hashlib import sha256
from typing import Any

import httpx

from openviber_app.domain.kms import KmsChoice
from openviber_app.vault.errors import KmsError, UnsealError
from openviber_app.vault.framing import join
from openviber_app.vault.key_version import KeyVersion

SERVICE = "Vault"
SECONDS = 5
BAD_REQUEST = 400
_DOMAIN = b"openviber-transit-v1"


class TransitKms:
    """A derived key: Vault makes, out of a context, a key of its own for each secret's version."""

    is_remote = True

    def __init__(self, client: "TransitClient", *, key: str, version: KeyVersion) -> None:
        self._client = client
        self._key = key
        self._version = version

    @property
    def current_key_id(self) -> str:
        return f"vault:{self._key}:{self._version.current}"

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        version = self._version.current
        key_id = f"vault:{self._key}:{version}"
        answer = self._client.post(
            f"encrypt/{self._key}",
            {
                "plaintext": base64.b64encode(data_key).decode(),
                "context": _derivation(key_id, context),
                "key_version": version,
            },
        )
        ciphertext = str(answer["ciphertext"])
        if not ciphertext.startswith(f"vault:v{version}:"):
            raise KmsError(SERVICE, f"did not use version {version} of the key, as it was told to")
        return key_id, ciphertext.encode()

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        key, _, version = key_id.partition(":")[2].rpartition(":")
        what = f"a key wrapped with {key_id}"
        if not wrapped.startswith(f"vault:v{version}:".encode()) or not wrapped.isascii():
            raise UnsealError(what)
        body = {"ciphertext": wrapped.decode(), "context": _derivation(key_id, context)}
        answer = self._client.post(f"decrypt/{key}", body, changed=what)
        try:
            return base64.b64decode(answer["plaintext"], validate=True)
        except (KeyError, binascii.Error) as error:
            raise UnsealError(what) from error

    def rotate(self) -> str:
        self._client.post(f"keys/{self._key}/rotate", {})
        self._version.advance(lambda _: latest_version(self._client, self._key))
        return self.current_key_id

    def forget_all_but(self, used: Collection[str]) -> list[str]:
        return []  # Vault keeps them; `min_decryption_version` there is its owner's own decision


class TransitClient:
    """The two verbs of the API; the token is looked up at each call and meets no message."""

    def __init__(
        self,
        *,
        address: str,
        token: Callable[[], str],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._token = token
        self._http = httpx.Client(
            base_url=f"{address}/v1/transit/", timeout=SECONDS, transport=transport
        )

    def get(self, path: str) -> dict[str, Any]:
        """Read; see `post`."""
        return self._ask("GET", path, None, changed="")

    def post(self, path: str, body: dict[str, Any], *, changed: str = "") -> dict[str, Any]:
        """Write, and return the answer's `data`.

        Raises:
            UnsealError: Vault finds that the bytes are not what it encrypted; `changed` names them.
            KmsError: Vault is away, sealed, or refuses.
        """
        return self._ask("POST", path, body, changed=changed)

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, *, changed: str
    ) -> dict[str, Any]:
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        try:
            answer = self._http.request(method, path, json=body, headers=headers)
            document = answer.json() if answer.content else {}
        except httpx.HTTPError as error:
            why = type(error).__name__
            raise KmsError(SERVICE, f"cannot be reached at {self._http.base_url}: {why}") from error
        except ValueError as error:
            raise KmsError(SERVICE, "answers with something that is not JSON") from error
        if answer.is_success:
            return document.get("data") or {}
        if changed and answer.status_code == BAD_REQUEST:
            raise UnsealError(changed)
        raise KmsError(SERVICE, _refusal(answer.status_code, path, document))


def open_transit(choice: KmsChoice, version: Callable[[int], KeyVersion]) -> TransitKms:
    """Look at the key; `version` makes the version's file out of the latest one.

    Raises:
        KmsError: Vault is away or refuses, or the key is not derived.
    """
    client = TransitClient(address=choice.address, token=lambda: _token(choice))
    return TransitKms(client, key=choice.key, version=version(latest_version(client, choice.key)))


def latest_version(client: TransitClient, key: str) -> int:
    """Return a key's latest version.

    Raises:
        KmsError: Vault is away or refuses, or the key is not derived.
    """
    found = client.get(f"keys/{key}")
    if not found.get("derived"):
        problem = (
            f"has a key {key} that is not derived, so nothing would bind a secret to its place: "
            f"make one with derived=true"
        )
        raise KmsError(SERVICE, problem)
    return int(found["latest_version"])


def _derivation(key_id: str, context: bytes) -> str:
    digest = sha256(join(_DOMAIN, key_id.encode(), context)).digest()
    return base64.b64encode(digest).decode()


def _token(choice: KmsChoice) -> str:
    if choice.token_file is not None:
        try:
            return choice.token_file.read_text().strip()
        except OSError as error:
            problem = f"needs a token, and {choice.token_file} cannot be read: {error.strerror}"
            raise KmsError(SERVICE, problem) from error
    return choice.token.open() if choice.token else ""


def _refusal(status: int, path: str, document: dict[str, Any]) -> str:
    match status:
        case 403:
            return f"refuses: its token may not use transit/{path}"
        case 404:
            return f"has no transit/{path}: check the name in KMS, and that transit is enabled"
        case 503:
            return "is sealed or starting: unseal it"
        case _:
            said = "; ".join(str(line) for line in document.get("errors") or ())
            return f"refuses with {status}: {said or 'no reason was given'}"
