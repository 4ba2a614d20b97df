"""Routes of environments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.environment_payloads import (
    EnvironmentDetail,
    EnvironmentIn,
    EnvironmentOut,
)
from openviber_app.api.payload import Payload
from openviber_app.domain.errors import InvalidInputError, Problem
from openviber_app.services import environments

router = APIRouter(prefix="/api/environments", tags=["environments"])


class EnvironmentList(Payload):
    """A person's environments by name."""

    environments: list[EnvironmentOut]


@router.post("", status_code=201)
async def create_environment(
    body: EnvironmentIn, actor: CurrentActor, runtime: CurrentRuntime, response: Response
) -> EnvironmentDetail:
    """Make an environment."""
    if body.version is not None:
        raise InvalidInputError([Problem("/version", "a new environment has no version yet")])
    view = await environments.create_environment(runtime, actor, body.draft())
    response.headers["Location"] = f"/api/environments/{view.row.id}"
    return _tagged(view, response)


@router.get("")
async def list_environments(actor: CurrentActor, runtime: CurrentRuntime) -> EnvironmentList:
    """List your environments."""
    rows = await environments.list_environments(runtime, actor)
    return EnvironmentList(environments=[EnvironmentOut.of(row, state) for row, state in rows])


@router.get("/{environment_id}")
async def get_environment(
    environment_id: UUID, actor: CurrentActor, runtime: CurrentRuntime, response: Response
) -> EnvironmentDetail:
    """Show an environment; a secret shows only that it is set."""
    view = await environments.get_environment(runtime, actor, environment_id=environment_id)
    return _tagged(view, response)


@router.put("/{environment_id}")
async def save_environment(
    environment_id: UUID,
    body: EnvironmentIn,
    actor: CurrentActor,
    runtime: CurrentRuntime,
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> EnvironmentDetail:
    """Replace an environment's plain fields; secrets change only where the body says so."""
    view = await environments.save_environment(
        runtime,
        actor,
        environment_id=environment_id,
        draft=body.draft(),
        version=body.version if if_match is None else _version_of(if_match),
    )
    return _tagged(view, response)


@router.delete("/{environment_id}", status_code=204)
async def delete_environment(
    environment_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> None:
    """Delete an environment with its threads; its nodes forget it."""
    await environments.delete_environment(runtime, actor, environment_id=environment_id)


def _tagged(view: environments.EnvironmentView, response: Response) -> EnvironmentDetail:
    response.headers["ETag"] = f'"{view.row.version}"'
    return EnvironmentDetail.of_view(view)


def _version_of(if_match: str) -> int | None:
    """Return the version that an If-Match names; `*` is any."""
    if if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit():
        raise InvalidInputError([Problem("#header/if-match", "this is no version of it")])
    return int(tag)
