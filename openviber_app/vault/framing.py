"""How fields are joined into bytes that are bound to a ciphertext."""

import struct


def join(*parts: bytes) -> bytes:
    """Join parts so that no two lists give the same bytes: each is preceded by its length."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)
