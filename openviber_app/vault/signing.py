"""Ed25519: the board's own signing key, with the check of other parties' signatures."""

import base64
import binascii
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.key_files import read_or_make, replace

KEY_ID_CHARACTERS = 16


def key_id_of(public_key: str) -> str:
    """Return the short name of a base64 public key: the start of the sha256 of its raw bytes."""
    raw = base64.b64decode(public_key, validate=True)
    return sha256(raw).hexdigest()[:KEY_ID_CHARACTERS]


class SigningKey:
    """The board's key; nodes pin its public half when they are onboarded."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        self.key_id = key_id_of(self.public_key)

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"

    @classmethod
    def open(cls, file: Path) -> "SigningKey":
        """Read the key file, or make it with a new key.

        Raises:
            KeyFileError: the file is not a key, or others may read it.
        """
        content = read_or_make(file, _new_file)
        try:
            raw = base64.b64decode(content.strip(), validate=True)
            return cls(Ed25519PrivateKey.from_private_bytes(raw))
        except (ValueError, binascii.Error) as error:
            raise KeyFileError(file, "is not a key file: put it back from a backup") from error

    @classmethod
    def make(cls) -> "SigningKey":
        """Make a new key, which is in no file yet."""
        return cls(Ed25519PrivateKey.generate())

    def save(self, file: Path) -> None:
        """Put this key in the file's place; the one before is gone then.

        Raises:
            KeyFileError: the file cannot be written.
        """
        replace(file, base64.b64encode(self._key.private_bytes_raw()) + b"\n")

    def sign(self, message: bytes) -> str:
        """Return the base64 signature of a message."""
        return base64.b64encode(self._key.sign(message)).decode()


def _new_file() -> bytes:
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()) + b"\n"


def verify_signature(public_key: str, message: bytes, signature: str) -> bool:
    """Whether the holder of a public key signed a message; key and signature are base64."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
