"""Tokens: 256 random bits behind a prefix, kept only as a hash."""

import secrets
from hashlib import sha256

TOKEN_BYTES = 32


def new_token(prefix: str = "ov_") -> str:
    """Make a token that a person or a program carries; `prefix` begins with `ov_`."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return what is stored: a random token needs no salt and no slow hash."""
    return sha256(token.encode()).hexdigest()
