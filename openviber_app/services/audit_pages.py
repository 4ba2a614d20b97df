"""The audit log as its readers see it, page by page."""

from collections.abc import Sequence
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.roles import Right, require_right
from openviber_app.services.runtime import Runtime
from openviber_app.store import audit
from openviber_app.store.trust_tables import AuditEvent


async def list_events(
    runtime: Runtime,
    actor: Actor,
    *,
    before: UUID | None = None,
    limit: int = 50,
    action: str = "",
    text: str = "",
) -> tuple[Sequence[AuditEvent], bool]:
    """Return what was done, newest first, and whether there is more.

    Raises:
        ForbiddenError: the actor is neither the board's owner nor an admin.
    """
    require_right(actor, Right.AUDIT)
    async with runtime.store.read() as db:
        found = await audit.list_events(
            db, before=before, limit=limit + 1, action=action, text=text
        )
    return found[:limit], len(found) > limit
