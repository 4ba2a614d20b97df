"""The exact bytes that are signed or bound into a sealed bundle; both sides build them here."""

import hashlib
import struct
from uuid import UUID


def pack(*parts: bytes) -> bytes:
    """Join parts so that no two lists give the same bytes: each is preceded by its length."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def key_id(public_key: bytes) -> str:
    """Name a raw public key: the first 16 hex digits of its SHA-256, on both sides."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def hello_signed(
    *, nonce: str, origin: str, node_id: UUID, boot_id: str, sealing_key_id: str
) -> bytes:
    """What a node signs with its Ed25519 key to prove that it is the node it claims to be."""
    return pack(
        b"openviber-hello-v1",
        nonce.encode(),
        origin.encode(),
        str(node_id).encode(),
        boot_id.encode(),
        sealing_key_id.encode(),
    )


def bundle_info(  # noqa: PLR0913 - each is bound into the seal, none may be left out
    *,
    nonce: str,
    node_id: UUID,
    node_key_id: str,
    environment_id: UUID,
    binding_id: UUID,
    command_id: UUID,
    attempt: int,
    expires_at: int,
) -> bytes:
    """HPKE `info` of a bundle: it opens only for this connection, node, binding and attempt."""
    return pack(
        b"openviber-bundle-v1",
        nonce.encode(),
        str(node_id).encode(),
        node_key_id.encode(),
        str(environment_id).encode(),
        str(binding_id).encode(),
        str(command_id).encode(),
        str(attempt).encode(),
        str(expires_at).encode(),
    )


def bundle_signed(*, info: bytes, ciphertext: bytes) -> bytes:
    """What the hub signs with its Ed25519 key, since HPKE alone does not say who sealed."""
    return pack(b"openviber-bundle-signed-v1", info, ciphertext)


def onboard_signed(*, token: str, signing_key: str, sealing_key: str) -> bytes:
    """What a new node signs when it claims its row, to prove that it holds the keys it sends."""
    return pack(b"openviber-onboard-v1", token.encode(), signing_key.encode(), sealing_key.encode())


def rotate_signed(
    *, node_id: UUID, old_key_id: str, signing_key: str, sealing_key: str, token_hash: str
) -> bytes:
    """What a node signs with its old key, and with the new one, when it changes its keys.

    The old key's id is in it, so the words are worth nothing once they were acted on.
    """
    return pack(
        b"openviber-rotate-v1",
        str(node_id).encode(),
        old_key_id.encode(),
        signing_key.encode(),
        sealing_key.encode(),
        token_hash.encode(),
    )


def hub_key_signed(*, old_key: str, new_key: str) -> bytes:
    """What the board signs with its old key to name the one that follows it."""
    return pack(b"openviber-hub-key-v1", old_key.encode(), new_key.encode())
