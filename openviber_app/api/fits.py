"""The route that says which nodes fit an environment."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.services import fits
from openviber_app.services.fits import Fit

router = APIRouter(prefix="/api/environments", tags=["environments"])


class FitOut(Payload):
    """A node as a place for an environment. `issues` say what it lacks, and what to do."""

    node_id: UUID
    name: str
    link: str
    last_seen_at: datetime | None
    os: str
    cores: int | None
    memory_free_bytes: int | None
    disk_free_bytes: int | None
    issues: list[str]
    is_best: bool
    binding_id: UUID | None
    status: str
    strategy: str
    existing_path: str
    last_prepare_id: UUID | None


class FitListOut(Payload):
    """Every node, the best first, with what the choice depends on of the environment."""

    name: str
    type: str
    local_path: str
    nodes: list[FitOut]


def _fit_out(fit: Fit) -> FitOut:
    has, load, binding = fit.node.capabilities, fit.node.load, fit.binding
    return FitOut.model_validate(
        {
            "nodeId": fit.node.id,
            "name": fit.node.name,
            "link": fit.node.link,
            "lastSeenAt": fit.node.last_seen_at,
            "os": has.get("os") or "",
            "cores": has.get("cores"),
            "memoryFreeBytes": load.get("memoryFreeBytes") or has.get("memoryBytes"),
            "diskFreeBytes": load.get("diskFreeBytes") or has.get("diskFreeBytes"),
            "issues": list(fit.issues),
            "isBest": fit.is_best,
            "bindingId": binding.id if binding else None,
            "status": binding.status if binding else "",
            "strategy": binding.strategy if binding else "",
            "existingPath": binding.existing_path if binding else "",
            "lastPrepareId": binding.last_prepare_id if binding else None,
        }
    )


@router.get("/{environment_id}/nodes")
async def list_fits(
    environment_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> FitListOut:
    """List the nodes that an environment can be mapped to."""
    found = await fits.list_fits(runtime, actor, environment_id=environment_id)
    row = found.environment
    return FitListOut.model_validate(
        {
            "name": row.name,
            "type": row.type,
            "localPath": row.local_path,
            "nodes": [_fit_out(fit) for fit in found.fits],
        }
    )
