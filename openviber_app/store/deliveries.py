"""SQL of what was delivered to nodes: which version of which secret each has seen."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.trust_tables import SecretDelivery


async def list_for_node(db: AsyncSession, *, node_id: UUID) -> Sequence[SecretDelivery]:
    """Return every version of a secret that a node was sent, by environment, name and version."""
    query = (
        select(SecretDelivery)
        .where(SecretDelivery.node_id == node_id)
        .order_by(
            col(SecretDelivery.environment_id), col(SecretDelivery.key), col(SecretDelivery.version)
        )
    )
    return (await db.execute(query)).scalars().all()
