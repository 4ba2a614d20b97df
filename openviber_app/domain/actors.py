"""Who is asking."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from openviber_app.domain.scopes import ALL_SCOPES, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, however they proved it: two of one person are equal."""

    user_id: UUID
    name: str
    email: str
    role: str
    scopes: frozenset[Scope] = field(default=ALL_SCOPES, compare=False)
    """Those of the API token; a session has all of them."""
    until: datetime | None = field(default=None, compare=False)
    """When the API token ends; None: not before somebody ends it."""
    client: str = field(default="", compare=False)
    """The address that the request came from, for the audit log."""
    proof: str = field(default="", compare=False, repr=False)
    """What a password was compared with, as a hash: a session begins only while that is so."""
