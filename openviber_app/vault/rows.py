"""The format in which a secret lies in the database.

A fresh 256-bit key for each version encrypts the value with AES-256-GCM; the key itself is wrapped
by a KMS. Both are bound to the names of the row, so a value that is copied to another row, user,
name or version does not open there.

    byte 0      format, 1
    bytes 1-2   length n of the wrapped key, big-endian
    n bytes     the wrapped key
    12 bytes    nonce
    the rest    ciphertext with its tag
"""

import os
import struct
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openviber_app.domain.secret import Secret
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.framing import join
from openviber_app.vault.kms import KEY_BYTES, NONCE_BYTES, Kms

FORMAT = 1
TAG_BYTES = 16
_HEAD = struct.Struct(">BH")
_DOMAIN = b"openviber-secret-v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNames:
    """What a sealed value is bound to."""

    user_id: UUID
    environment_id: UUID
    secret_id: UUID
    key: str
    version: int

    def bound(self) -> bytes:
        """Return the names as bytes that no other row has."""
        return join(
            _DOMAIN,
            self.user_id.bytes,
            self.environment_id.bytes,
            self.secret_id.bytes,
            self.key.encode(),
            struct.pack(">Q", self.version),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """The two columns of a sealed value."""

    encrypted_value: bytes
    kms_key_id: str


def seal_row(kms: Kms, value: Secret, *, names: RowNames) -> SealedRow:
    """Seal a value for its row."""
    context = names.bound()
    data_key = os.urandom(KEY_BYTES)
    key_id, wrapped = kms.wrap(data_key, context=context)
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(data_key).encrypt(
        nonce, value.open().encode(), join(context, key_id.encode(), bytes([FORMAT]))
    )
    head = _HEAD.pack(FORMAT, len(wrapped))
    return SealedRow(encrypted_value=head + wrapped + nonce + sealed, kms_key_id=key_id)


def open_row(kms: Kms, row: SealedRow, *, names: RowNames) -> Secret:
    """Open a value in the row that it was sealed for.

    Raises:
        UnsealError: it was sealed for another row, cut, changed, or its key is not here.
    """
    wrapped, nonce, sealed = _take_apart(row.encrypted_value)
    context = names.bound()
    data_key = kms.unwrap(wrapped, key_id=row.kms_key_id, context=context)
    try:
        plain = AESGCM(data_key).decrypt(
            nonce, sealed, join(context, row.kms_key_id.encode(), bytes([FORMAT]))
        )
        return Secret(plain.decode())
    except (InvalidTag, ValueError) as error:
        raise UnsealError("a stored secret") from error


def value_size(encrypted_value: bytes) -> int:
    """Return the size in bytes of a sealed value without opening it; for quotas only.

    Raises:
        UnsealError: it is not in the format.
    """
    return len(_take_apart(encrypted_value)[2]) - TAG_BYTES


def _take_apart(blob: bytes) -> tuple[bytes, bytes, bytes]:
    if len(blob) < _HEAD.size:
        raise UnsealError("a stored secret")
    version, length = _HEAD.unpack_from(blob)
    wrapped, rest = blob[_HEAD.size : _HEAD.size + length], blob[_HEAD.size + length :]
    if version != FORMAT or len(rest) < NONCE_BYTES + TAG_BYTES:
        raise UnsealError("a stored secret")
    return wrapped, rest[:NONCE_BYTES], rest[NONCE_BYTES:]
