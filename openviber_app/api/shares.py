"""Routes of sharing an environment."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.domain.people import EMAIL_MAX
from openviber_app.domain.sharing import Access
from openviber_app.services import shares

router = APIRouter(prefix="/api/environments/{environment_id}/shares", tags=["environments"])


class ShareRole(StrEnum):
    """What an owner can give."""

    VIEWER = "viewer"
    RUNNER = "runner"
    EDITOR = "editor"


class ShareIn(Payload):
    """Whom to share with, by the address of their account, and what they may do."""

    email: Annotated[str, Field(max_length=EMAIL_MAX)]
    role: ShareRole


class ShareOut(Payload):
    """What somebody may do in an environment that is not theirs."""

    user_id: UUID
    name: str
    email: str
    role: ShareRole
    created_at: datetime


class ShareList(Payload):
    """With whom an environment is shared, by name."""

    shares: list[ShareOut]


@router.get("")
async def list_shares(
    environment_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> ShareList:
    """List with whom your environment is shared."""
    found = await shares.list_shares(runtime, actor, environment_id=environment_id)
    return ShareList(shares=[ShareOut.model_validate(view, by_name=True) for view in found])


@router.put("")
async def put_share(
    environment_id: UUID, body: ShareIn, actor: CurrentActor, runtime: CurrentRuntime
) -> ShareOut:
    """Share your environment with somebody, or change what they may do in it."""
    view = await shares.put_share(
        runtime,
        actor,
        environment_id=environment_id,
        email=body.email,
        role=Access(body.role),
    )
    return ShareOut.model_validate(view, by_name=True)


@router.delete("/{user_id}", status_code=204)
async def delete_share(
    environment_id: UUID, user_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> None:
    """Stop sharing with somebody; for yourself: leave."""
    await shares.delete_share(runtime, actor, environment_id=environment_id, user_id=user_id)
