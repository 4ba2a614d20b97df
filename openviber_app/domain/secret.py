"""A value that must never be shown: it has no text form."""

import hmac
from typing import NoReturn

MASK = "••••"


class Secret:
    """Plaintext that only `open` gives out: printing shows a mask, pickling fails."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def open(self) -> str:
        """Return the plaintext."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> NoReturn:
        raise TypeError("a secret cannot be a key")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")
