"""The route that says which node was sent which version of a secret."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.services import deliveries

router = APIRouter(prefix="/api/environments", tags=["environments"])


class DeliveryOut(Payload):
    """A version of a secret that a node has seen; `currentVersion` is null once it is deleted."""

    secret_id: UUID
    key: str
    version: int
    current_version: int | None
    node_id: UUID
    node: str
    first_at: datetime
    last_at: datetime


class StaleBindingOut(Payload):
    """A binding that was prepared with other secrets than today's, with their names."""

    binding_id: UUID
    node: str
    secrets: list[str]


class DeliveryList(Payload):
    """Who has seen what: by key, newest version first."""

    deliveries: list[DeliveryOut]
    stale: list[StaleBindingOut]


@router.get("/{environment_id}/deliveries")
async def list_deliveries(
    environment_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> DeliveryList:
    """List which versions of an environment's secrets went to which node; values are nowhere."""
    found = await deliveries.list_deliveries(runtime, actor, environment_id=environment_id)
    return DeliveryList.model_validate(asdict(found), by_name=True)
