"""Bundles: bytes sealed to one node's key, with the board's signature over them.

HPKE in base mode says nothing about who sealed, so the ciphertext is signed too.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_app.vault.errors import UnsealError
from openviber_app.vault.signing import SigningKey

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedMessage:
    """Base64 of the HPKE message, and of the board's signature."""

    ciphertext: str
    signature: str


def is_sealing_key(public_key: str) -> bool:
    """Whether this is the base64 of a raw X25519 public key."""
    try:
        raw = base64.b64decode(public_key, validate=True)
    except (ValueError, binascii.Error):
        return False
    return len(raw) == KEY_BYTES and any(raw)


def seal_bundle(
    signer: SigningKey,
    plaintext: bytes,
    *,
    node_sealing_key: str,
    info: bytes,
    signed_over: Callable[[bytes], bytes],
) -> SealedMessage:
    """Seal `plaintext` to a node's X25519 key (base64).

    `info` is bound into the seal; `signed_over` makes, out of the raw ciphertext, the bytes that
    the board signs.

    Raises:
        UnsealError: the node's key is not a key.
    """
    if not is_sealing_key(node_sealing_key):
        raise UnsealError("a node's sealing key")
    key = X25519PublicKey.from_public_bytes(base64.b64decode(node_sealing_key))
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    ciphertext = suite.encrypt(plaintext, key, info=info)
    return SealedMessage(
        ciphertext=base64.b64encode(ciphertext).decode(),
        signature=signer.sign(signed_over(ciphertext)),
    )
