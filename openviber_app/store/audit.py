"""What was done: rows that are added, read page by page, and never changed."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.trust_tables import AuditEvent


async def list_events(
    db: AsyncSession, *, before: UUID | None, limit: int, action: str = "", text: str = ""
) -> Sequence[AuditEvent]:
    """Return events newest first, older than `before`; `action` is a whole name or its beginning.

    `text` is a part of a name or an address. Ids are in the order of their making, so the last
    one of a page is the place to go on from.
    """
    query = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(AuditEvent.id) < before)
    if action:
        query = query.where(col(AuditEvent.action).startswith(action, autoescape=True))
    if text:
        words = (AuditEvent.actor_name, AuditEvent.target_name, AuditEvent.client)
        query = query.where(sa.or_(*(col(w).icontains(text, autoescape=True) for w in words)))
    return (await db.execute(query)).scalars().all()
