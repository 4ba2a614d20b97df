"""Where the keys that wrap other keys come from: the protocol, and the file of this machine."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openviber_app.vault import key_files
from openviber_app.vault.errors import KeyFileError, UnsealError
from openviber_app.vault.framing import join

KEY_BYTES = 32
NONCE_BYTES = 12
_DOMAIN = b"openviber-wrapped-key-v1"


class Kms(Protocol):
    """Wraps data keys. A key id reads `provider:key:version` and opens all that it wrapped.

    Calls may block for as long as a network takes: see `is_remote`. Nothing is kept of a data key
    after the call that asked for it.
    """

    @property
    def is_remote(self) -> bool:
        """Whether a call goes over a network."""
        ...

    @property
    def current_key_id(self) -> str:
        """The key that wraps from now on."""
        ...

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        """Return the id of the key used, and the wrapped data key.

        Raises:
            KmsError: the service is away, or refuses.
        """
        ...

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        """Return the data key.

        Raises:
            UnsealError: another key, another context, or changed bytes.
            KmsError: the service is away, or refuses.
        """
        ...

    def rotate(self) -> str:
        """Begin a new version of the key and return its id; the older ones still open.

        Raises:
            KmsError: the service is away, or refuses.
        """
        ...

    def forget_all_but(self, used: Collection[str]) -> list[str]:
        """Remove the keys that nothing uses, but the current one; returns those that are gone."""
        ...


@dataclass(frozen=True, slots=True)
class _Keys:
    current: str
    keys: dict[str, bytes]

    def as_file(self) -> bytes:
        shown = {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": shown}, indent=1).encode()


class LocalKms:
    """Keys in a file of the data folder: `{"current": id, "keys": {id: base64}}`.

    The file is looked at before each use: another process of this board may have rotated the key.
    """

    is_remote = False

    def __init__(self, *, current: str, keys: dict[str, bytes], file: Path | None = None) -> None:
        self._keys = _Keys(current, keys)
        self._file = file
        self._mark = key_files.mark_of(file) if file else None

    def __repr__(self) -> str:
        return f"LocalKms({self._keys.current})"

    @property
    def current_key_id(self) -> str:
        return self._fresh().current

    @classmethod
    def open(cls, file: Path) -> "LocalKms":
        """Read the key file, or make it with a new key.

        Raises:
            KeyFileError: the file is not a key file, or others may read it.
        """
        mark = key_files.mark_of(file)
        found = _parse(file, key_files.read_or_make(file, _new_file))
        opened = cls(current=found.current, keys=found.keys, file=file)
        opened._mark = mark  # of before the reading: what came between is read again
        return opened

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        now = self._fresh()
        nonce = os.urandom(NONCE_BYTES)
        bound = join(_DOMAIN, now.current.encode(), context)
        return now.current, nonce + AESGCM(now.keys[now.current]).encrypt(nonce, data_key, bound)

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        key = self._fresh().keys.get(key_id)
        if key is None:
            raise UnsealError(f"a key wrapped with {key_id or 'no key'}")
        bound = join(_DOMAIN, key_id.encode(), context)
        try:
            return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as error:
            raise UnsealError(f"a key wrapped with {key_id}") from error

    def rotate(self) -> str:
        file = self._own_file()
        with key_files.alone(file.parent):
            now = _parse(file, key_files.read(file))
            name, _, version = now.current.rpartition(":")
            key_id = f"{name}:{int(version) + 1 if version.isdigit() else 1}"
            keys = {**now.keys, key_id: os.urandom(KEY_BYTES)}
            key_files.replace(file, _Keys(key_id, keys).as_file())
        return self._fresh().current

    def forget_all_but(self, used: Collection[str]) -> list[str]:
        file = self._own_file()
        with key_files.alone(file.parent):
            now = _parse(file, key_files.read(file))
            gone = [key_id for key_id in now.keys if key_id not in used and key_id != now.current]
            if gone:
                kept = {key_id: key for key_id, key in now.keys.items() if key_id not in gone}
                key_files.replace(file, _Keys(now.current, kept).as_file())
        return gone

    def _own_file(self) -> Path:
        if self._file is None:
            raise ValueError("these keys are in no file")
        return self._file

    def _fresh(self) -> _Keys:
        if self._file is not None and (mark := key_files.mark_of(self._file)) != self._mark:
            self._keys = _parse(self._file, key_files.read(self._file))
            self._mark = mark
        return self._keys


def _parse(file: Path, content: bytes) -> _Keys:
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
    return _Keys(current, keys)


def _new_file() -> bytes:
    key_id = f"local:{secrets.token_hex(4)}:1"
    return _Keys(key_id, {key_id: os.urandom(KEY_BYTES)}).as_file()
