"""Routes of bindings."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, StrictBool

from openviber_app.api.auth import CurrentActor, CurrentRuntime, Runner
from openviber_app.api.payload import Payload
from openviber_app.api.prepares import PrepareOut, prepare_out
from openviber_app.domain.errors import InvalidInputError, Problem
from openviber_app.domain.stale import changes_in_words
from openviber_app.services import bindings, mappings, prepares
from openviber_app.services.bindings import BindingDraft
from openviber_app.services.nodes import link_of
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Prepare

router = APIRouter(tags=["bindings"])


class BindingIn(Payload):
    """Where to map an environment, and how."""

    node_id: UUID
    strategy: Literal["auto_clone", "existing_path"] = "auto_clone"
    existing_path: Annotated[str, Field(max_length=4096)] = ""
    fast_forward: StrictBool = False


class PrepareIn(Payload):
    """`force` repeats everything although nothing changed; `fastForward` moves a checkout."""

    force: StrictBool = False
    fast_forward: StrictBool = False


class BindingPatch(Payload):
    """`isDefault`: threads of the environment go there unless they name another node."""

    is_default: StrictBool


class SlotsOut(Payload):
    """The workspaces of a binding: spare ones, and those that threads hold."""

    ready: int
    claimed: int


class BindingOut(Payload):
    """A binding. `waitsFor` names the node that must come back before its prepare begins.

    `staleNote` says in words what changed. `prepare…` tell of the last whole prepare, if any.
    """

    id: UUID
    environment_id: UUID
    environment_name: str
    node_id: UUID
    node_name: str
    node_link: str
    node_drained: bool
    strategy: str
    existing_path: str
    resolved_working_dir: str
    status: str
    stale_reasons: list[str]
    stale_note: str
    is_default: bool
    slots: SlotsOut
    waits_for: str | None
    last_prepare_id: UUID | None
    last_prepare_at: datetime | None
    last_error: str
    prepare_status: str
    prepare_attempt: int | None
    prepare_phase: str
    proved_at: datetime | None
    created_at: datetime


class BindingListOut(Payload):
    """The bindings of an environment, oldest first."""

    bindings: list[BindingOut]


class MappedOut(Payload):
    """A binding with its prepare; `joined` says that the prepare was already under way."""

    binding: BindingOut
    prepare: PrepareOut
    joined: bool


class PrepareListOut(Payload):
    """The attempts of a binding, newest first."""

    prepares: list[PrepareOut]


def binding_out(mapping: Mapping, prepare: Prepare | None) -> BindingOut:
    """Show a binding, with its last whole prepare."""
    row = mapping.binding
    shown = prepare_out(prepare, mapping) if prepare else None
    return BindingOut.model_validate(
        {
            "id": row.id,
            "environmentId": row.environment_id,
            "nodeId": row.node_id,
            "environmentName": mapping.environment.name,
            "nodeName": mapping.node.name,
            "nodeLink": link_of(mapping.node),
            "nodeDrained": mapping.node.drained_at is not None,
            "strategy": row.strategy,
            "existingPath": row.existing_path,
            "resolvedWorkingDir": row.resolved_working_dir,
            "status": row.status,
            "staleReasons": row.stale_reasons,
            "staleNote": changes_in_words(row.stale_reasons) if row.status == "stale" else "",
            "isDefault": mapping.environment.default_binding_id == row.id,
            "slots": {"ready": row.slots_ready, "claimed": row.slots_claimed},
            "waitsFor": shown.waits_for if shown else None,
            "lastPrepareId": row.last_prepare_id,
            "lastPrepareAt": row.last_prepare_at,
            "lastError": row.last_error,
            "prepareStatus": prepare.status if prepare else "",
            "prepareAttempt": prepare.attempt if prepare else None,
            "preparePhase": prepare.phase if prepare else "",
            "provedAt": row.proved_at,
            "createdAt": row.created_at,
        }
    )


def _mapped(mapped: bindings.Mapped, response: Response) -> MappedOut:
    if mapped.queued.joined:
        response.status_code = 200
    prepare = mapped.queued.prepare
    return MappedOut(
        binding=binding_out(mapped.mapping, prepare),
        prepare=prepare_out(prepare, mapped.mapping),
        joined=mapped.queued.joined,
    )


@router.post("/api/environments/{environment_id}/bindings", status_code=201)
async def map_to_node(
    environment_id: UUID,
    body: BindingIn,
    response: Response,
    actor: CurrentActor,
    runtime: CurrentRuntime,
) -> MappedOut:
    """Map an environment to a node and prepare it there."""
    draft = BindingDraft(
        node_id=body.node_id,
        strategy=body.strategy,
        existing_path=body.existing_path,
        fast_forward=body.fast_forward,
    )
    mapped = await bindings.map_to_node(runtime, actor, environment_id=environment_id, draft=draft)
    return _mapped(mapped, response)


@router.get("/api/environments/{environment_id}/bindings")
async def list_bindings(
    environment_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> BindingListOut:
    """List where an environment is mapped."""
    rows = await bindings.list_bindings(runtime, actor, environment_id=environment_id)
    return BindingListOut(bindings=[binding_out(mapping, last) for mapping, last in rows])


@router.get("/api/bindings")
async def list_all(
    actor: CurrentActor,
    runtime: CurrentRuntime,
    environment_id: Annotated[UUID | None, Query(alias="environmentId")] = None,
) -> BindingListOut:
    """List every environment on every node, or where one of them is."""
    rows = await mappings.list_mappings(runtime, actor, environment_id=environment_id)
    return BindingListOut(bindings=[binding_out(mapping, last) for mapping, last in rows])


@router.patch("/api/bindings/{binding_id}")
async def make_default(
    binding_id: UUID, body: BindingPatch, actor: CurrentActor, runtime: CurrentRuntime
) -> BindingOut:
    """Make this the node that an environment's threads go to."""
    if not body.is_default:
        raise InvalidInputError([Problem("/isDefault", "make another node the default instead")])
    return binding_out(*await mappings.make_default(runtime, actor, binding_id=binding_id))


@router.get("/api/bindings/{binding_id}")
async def get_binding(binding_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> BindingOut:
    """Return one binding."""
    return binding_out(*await bindings.get_binding(runtime, actor, binding_id=binding_id))


@router.delete("/api/bindings/{binding_id}", status_code=204)
async def unmap(binding_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> None:
    """Take an environment off a node."""
    await bindings.unmap(runtime, actor, binding_id=binding_id)


@router.post("/api/bindings/{binding_id}/prepares", status_code=201)
async def prepare_again(
    binding_id: UUID,
    response: Response,
    actor: Runner,
    runtime: CurrentRuntime,
    body: PrepareIn | None = None,
) -> MappedOut:
    """Prepare a binding again, or join the prepare that is under way (200, `joined`)."""
    wanted = body or PrepareIn()
    mapped = await bindings.prepare_again(
        runtime,
        actor,
        binding_id=binding_id,
        force=wanted.force,
        fast_forward=wanted.fast_forward,
    )
    return _mapped(mapped, response)


@router.get("/api/bindings/{binding_id}/prepares")
async def list_prepares(
    binding_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> PrepareListOut:
    """List a binding's attempts, newest first."""
    mapping, rows = await prepares.list_prepares(runtime, actor, binding_id=binding_id)
    return PrepareListOut(prepares=[prepare_out(row, mapping) for row in rows])
