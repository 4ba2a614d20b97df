"""Routes of what a person has typed and not sent."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import JsonValue

from openviber_app.api.auth import CurrentActor, CurrentRuntime, Runner
from openviber_app.api.payload import Payload
from openviber_app.services import drafts

router = APIRouter(prefix="/api/drafts", tags=["drafts"])


class DraftIn(Payload):
    """Any JSON; one that is empty deletes the draft. Secrets do not belong in it."""

    value: JsonValue


class DraftOut(Payload):
    """A draft. One that is not there has the value null and the revision 0."""

    key: str
    owner_id: UUID
    value: JsonValue
    revision: int
    updated_at: datetime | None


@router.get("/{key}")
async def get_draft(key: str, actor: CurrentActor, runtime: CurrentRuntime) -> DraftOut:
    """Show one of your drafts."""
    return DraftOut.model_validate(await drafts.get_draft(runtime, actor, key=key), by_name=True)


@router.put("/{key}")
async def put_draft(key: str, body: DraftIn, actor: Runner, runtime: CurrentRuntime) -> DraftOut:
    """Keep a draft. You have at most 200: then the ones untouched for longest go."""
    kept = await drafts.put_draft(runtime, actor, key=key, value=body.value)
    return DraftOut.model_validate(kept, by_name=True)


@router.delete("/{key}", status_code=204)
async def delete_draft(key: str, actor: Runner, runtime: CurrentRuntime) -> None:
    """Forget a draft."""
    await drafts.delete_draft(runtime, actor, key=key)
