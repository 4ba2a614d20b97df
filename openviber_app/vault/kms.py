"""Where the keys that wrap other keys come from."""

import base64
import binascii
import json
import os
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openviber_app.vault.errors import KeyFileError, UnsealError
from openviber_app.vault.framing import join
from openviber_app.vault.key_files import read_or_make

KEY_BYTES = 32
NONCE_BYTES = 12
_DOMAIN = b"openviber-wrapped-key-v1"


class Kms(Protocol):
    """Wraps data keys. A key id reads `provider:key:version` and opens all that it wrapped."""

    @property
    def current_key_id(self) -> str:
        """The key that wraps from now on."""
        ...

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        """Return the id of the key used, and the wrapped data key."""
        ...

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        """Return the data key.

        Raises:
            UnsealError: another key, another context, or changed bytes.
        """
        ...


class LocalKms:
    """Keys in a file of the data folder: `{"current": id, "keys": {id: base64}}`."""

    def __init__(self, *, current: str, keys: dict[str, bytes]) -> None:
        self._current = current
        self._keys = keys

    def __repr__(self) -> str:
        return f"LocalKms({self._current})"

    @property
    def current_key_id(self) -> str:
        return self._current

    @classmethod
    def open(cls, file: Path) -> "LocalKms":
        """Read the key file, or make it with a new key.

        Raises:
            KeyFileError: the file is not a key file, or others may read it.
        """
        content = read_or_make(file, _new_file)
        try:
            document = json.loads(content)
            current = str(document["current"])
            keys = {
                str(key_id): base64.b64decode(key, validate=True)
                for key_id, key in document["keys"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            raise KeyFileError(file, "is not a key file: put it back from a backup") from error
        if current not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
            raise KeyFileError(file, "lacks its current key: put it back from a backup")
        return cls(current=current, keys=keys)

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        nonce = os.urandom(NONCE_BYTES)
        bound = join(_DOMAIN, self._current.encode(), context)
        return self._current, nonce + AESGCM(self._keys[self._current]).encrypt(
            nonce, data_key, bound
        )

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        key = self._keys.get(key_id)
        if key is None:
            raise UnsealError(f"a key wrapped with {key_id or 'no key'}")
        bound = join(_DOMAIN, key_id.encode(), context)
        try:
            return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as error:
            raise UnsealError(f"a key wrapped with {key_id}") from error


def _new_file() -> bytes:
    key_id = f"local:{secrets.token_hex(4)}:1"
    key = base64.b64encode(os.urandom(KEY_BYTES)).decode()
    return json.dumps({"current": key_id, "keys": {key_id: key}}, indent=1).encode()
