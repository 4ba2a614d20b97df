"""Who is asking."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, however they proved it."""

    user_id: UUID
    name: str
    email: str
    role: str
    client: str = field(default="", compare=False)
    """The address that their request came from; the audit log keeps it."""
