"""Sign-ins under way at an OpenID provider, each remembered for ten minutes and one use."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from openviber_app.domain.clock import Clock
from openviber_app.vault.tokens import hash_token

LIFE_SECONDS = 600
MAX_FLOWS = 10_000
"""Beyond it the oldest go: nobody who is not signed in may fill the memory."""
SECRET_BYTES = 32


def _new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One trip to the provider; a browser holds `cookie`, the provider sees `state` and `nonce`."""

    next: str
    user_id: UUID | None = None
    """Who connects an identity; None: somebody who signs in."""
    invite_hash: str = ""
    cookie: str = field(default_factory=_new_secret, repr=False)
    state: str = field(default_factory=_new_secret, repr=False)
    nonce: str = field(default_factory=_new_secret, repr=False)
    verifier: str = field(default_factory=_new_secret, repr=False)


class OpenIdFlows:
    """Known in this process only: after a restart a person begins again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: OrderedDict[str, tuple[float, Flow]] = OrderedDict()

    def add(self, flow: Flow) -> None:
        """Remember a trip."""
        self._drop_old()
        while len(self._open) >= MAX_FLOWS:
            self._open.popitem(last=False)
        self._open[hash_token(flow.cookie)] = (self._clock.boottime(), flow)

    def take(self, *, cookie: str, state: str) -> Flow | None:
        """Return the trip that this browser began with this state, and forget it."""
        self._drop_old()
        key = hash_token(cookie)
        found = self._open.get(key)
        if found is None or not secrets.compare_digest(found[1].state.encode(), state.encode()):
            return None  # another tab's, or nobody's: the one that waits is not used up
        del self._open[key]
        return found[1]

    def _drop_old(self) -> None:
        oldest = self._clock.boottime() - LIFE_SECONDS
        while self._open and next(iter(self._open.values()))[0] <= oldest:
            self._open.popitem(last=False)
