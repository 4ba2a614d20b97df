"""Who is asking."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, however they proved it."""

    user_id: UUID
    name: str
    email: str
    role: str
