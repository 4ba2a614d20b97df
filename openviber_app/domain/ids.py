"""Identifiers: UUIDv7, ordered by the time they were made even when the clock steps back."""

import secrets
import threading
import time
from uuid import UUID, uuid5

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Make a UUIDv7 that is greater than every one this process made before."""
    global _last  # noqa: PLW0603 - the monotonic counter of RFC 9562, 6.2, method 3
    with _lock:
        ticks = (time.time_ns() // 1_000_000) << 12
        _last = max(_last + 1, ticks)
        stamp, counter = _last >> 12, _last & 0xFFF
    value = (stamp & (2**48 - 1)) << 80 | 0x7 << 76 | counter << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def id_of(owner_id: UUID, key: str) -> UUID:
    """Return the id of the thing that an owner makes under a key: the same each time."""
    return uuid5(owner_id, key)
