"""Argon2 hashes of passwords, made off the event loop."""

import asyncio
import unicodedata
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from openviber_app.domain.secret import Secret

_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=32 * 1024, parallelism=1),))


async def hash_password(password: Secret) -> str:
    """Return the hash to store."""
    return await asyncio.to_thread(_HASHER.hash, password.open())


async def is_right(password: Secret, stored: str | None) -> bool:
    """Whether a password is the stored one. Without one it takes as long and is False."""
    plain = unicodedata.normalize("NFKC", password.open())
    right = await asyncio.to_thread(_verify, plain, stored)
    return right and stored is not None


def _verify(plain: str, stored: str | None) -> bool:
    try:
        return _HASHER.verify(plain, stored or _nobody())
    except UnknownHashError:  # an account without a password
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
