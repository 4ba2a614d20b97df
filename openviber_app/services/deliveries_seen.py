"""What a node has seen of secrets, and which of that is still in use."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.store import deliveries
from openviber_app.store.tables import Environment, EnvironmentSecret


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest version of a secret that a node was sent; it may still hold the value.

    `current_version` is None where the secret was removed since.
    """

    environment_id: UUID
    environment: str
    secret_id: UUID
    key: str
    version: int
    current_version: int | None
    last_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether the value that the node has seen is still the one in use."""
        return self.current_version == self.version


async def list_seen(db: AsyncSession, *, node_id: UUID) -> list[Seen]:
    """Return every secret that a node was sent, what is to be rotated first."""
    newest = {
        row.secret_id: row for row in await deliveries.list_node_deliveries(db, node_id=node_id)
    }
    found: list[Seen] = []
    for row in newest.values():
        environment = await db.get(Environment, row.environment_id)
        secret = await db.get(EnvironmentSecret, row.secret_id)
        found.append(
            Seen(
                environment_id=row.environment_id,
                environment=environment.name if environment else "a removed environment",
                secret_id=row.secret_id,
                key=row.key,
                version=row.version,
                current_version=secret.version if secret else None,
                last_at=row.last_at,
            )
        )
    return sorted(found, key=lambda seen: (not seen.is_open, seen.environment, seen.key))
