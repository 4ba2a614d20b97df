"""The route of the audit log."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import JsonValue

from openviber_app.api.auth import Admin, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.domain.text import is_storable
from openviber_app.services import audit_pages

MAX_PAGE = 200

router = APIRouter(prefix="/api/audit", tags=["audit"])


class AuditEventOut(Payload):
    """Something that was done. `actorName` is empty for the board itself, or somebody unknown."""

    id: UUID
    created_at: datetime
    actor_id: UUID | None
    actor_name: str
    client: str
    action: str
    target_kind: str
    target_id: UUID | None
    target_name: str
    facts: dict[str, JsonValue]


class AuditList(Payload):
    """A page, newest first. `next` is the `before` of the next one, null at the end."""

    events: list[AuditEventOut]
    next: UUID | None


@router.get("")
async def list_events(
    runtime: CurrentRuntime,
    actor: Admin,
    *,
    action: Annotated[str, Query(max_length=100, pattern=r"^[a-z_.]*$")] = "",
    search: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[UUID | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> AuditList:
    """List what was done; `action` is a name or its beginning, `search` a part of a name.

    For the board's owner and its admins.
    """
    text = search.strip() if is_storable(search) else ""
    events, more = await audit_pages.list_events(
        runtime, actor, before=before, limit=limit, action=action, text=text
    )
    shown = [AuditEventOut.model_validate(event, by_name=True) for event in events]
    return AuditList(events=shown, next=events[-1].id if more else None)
