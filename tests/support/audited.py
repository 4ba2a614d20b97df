"""What the audit log says, for tests of what writes it."""

from collections.abc import Sequence

from openviber_app.services.runtime import Runtime
from openviber_app.store import audit
from openviber_app.store.trust_tables import AuditEvent


async def deeds(runtime: Runtime, action: str = "") -> Sequence[AuditEvent]:
    """Return the deeds whose name is, or begins with, this; newest first."""
    async with runtime.store.read() as db:
        return await audit.list_events(db, before=None, limit=1000, action=action)
