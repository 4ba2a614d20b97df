"""The route that says what a node would do with an environment."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from openviber_app.api.auth import CurrentRuntime, Reader
from openviber_app.api.environment_payloads import EnvironmentIn
from openviber_app.api.payload import Payload
from openviber_app.services import plans

router = APIRouter(prefix="/api/environments", tags=["environments"])


class FactOut(Payload):
    """A line below a step."""

    label: str
    text: str


class PlanStepOut(Payload):
    """One thing that the node does; `phase` is its name in a prepare, or empty."""

    phase: str
    does: str
    what: str
    facts: list[FactOut]


class PlanOut(Payload):
    """What a node does with an environment, in its order."""

    steps: list[PlanStepOut]


@router.post("/plan")
async def plan_environment(
    body: EnvironmentIn,
    actor: Reader,
    runtime: CurrentRuntime,
    environment_id: Annotated[UUID | None, Query(alias="environmentId")] = None,
) -> PlanOut:
    """Say what a node would do; nothing is asked of any node, and nothing is stored.

    Values of secrets are not needed and not read.
    """
    steps = await plans.make_plan(runtime, actor, draft=body.draft(), environment_id=environment_id)
    return PlanOut.model_validate({"steps": steps}, by_name=True)
