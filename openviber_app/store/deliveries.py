"""Which versions of secrets went to which nodes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.tables import Node
from openviber_app.store.trust_tables import SecretDelivery


async def find_delivery(
    db: AsyncSession, *, secret_id: UUID, version: int, node_id: UUID
) -> SecretDelivery | None:
    """Return the row of one version of a secret at one node."""
    query = select(SecretDelivery).where(
        SecretDelivery.secret_id == secret_id,
        SecretDelivery.version == version,
        SecretDelivery.node_id == node_id,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def list_deliveries(
    db: AsyncSession, *, environment_id: UUID
) -> Sequence[tuple[SecretDelivery, Node]]:
    """Return what nodes were sent of an environment's secrets, the newest version first."""
    query = (
        select(SecretDelivery, Node)
        .join(Node, col(Node.id) == col(SecretDelivery.node_id))
        .where(SecretDelivery.environment_id == environment_id)
        .order_by(
            col(SecretDelivery.key),
            col(SecretDelivery.version).desc(),
            col(Node.name),
            col(Node.id),
        )
    )
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def list_node_deliveries(db: AsyncSession, *, node_id: UUID) -> Sequence[SecretDelivery]:
    """Return everything that one node was sent."""
    query = (
        select(SecretDelivery)
        .where(SecretDelivery.node_id == node_id)
        .order_by(
            col(SecretDelivery.environment_id), col(SecretDelivery.key), col(SecretDelivery.version)
        )
    )
    return (await db.execute(query)).scalars().all()
