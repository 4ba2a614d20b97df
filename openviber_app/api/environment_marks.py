"""The route of what a person notes about an environment."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import StrictBool

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.services import environment_marks

router = APIRouter(prefix="/api/environments", tags=["environments"])


class MarkPatch(Payload):
    """What to change; a field left out stays. The current environment opens with the board."""

    is_pinned: StrictBool | None = None
    is_current: StrictBool | None = None


class MarkBody(Payload):
    """What you noted about an environment."""

    environment_id: UUID
    is_pinned: bool
    used_at: datetime | None


@router.patch("/{environment_id}/mark")
async def change_mark(
    environment_id: UUID, body: MarkPatch, actor: CurrentActor, runtime: CurrentRuntime
) -> MarkBody:
    """Pin an environment for yourself, or say that you are in it now."""
    mark = await environment_marks.change_mark(
        runtime,
        actor,
        environment_id=environment_id,
        is_pinned=body.is_pinned,
        is_current=body.is_current,
    )
    return MarkBody.model_validate(mark, by_name=True)
