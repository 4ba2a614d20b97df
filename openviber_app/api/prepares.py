"""Routes of prepares."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from openviber_app.api.auth import CurrentActor, CurrentRuntime, Runner
from openviber_app.api.log_payloads import LogSummary
from openviber_app.api.payload import Payload
from openviber_app.domain.statuses import PrepareStatus
from openviber_app.services import prepares
from openviber_app.services.nodes import link_of
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Prepare

router = APIRouter(prefix="/api/prepares", tags=["prepares"])


class PrepareOut(Payload):
    """One attempt. `phases` and `receipt` are as the node reported them."""

    id: UUID
    binding_id: UUID
    environment_id: UUID
    environment_name: str
    node_id: UUID
    node_name: str
    node_link: str
    node_drained: bool
    attempt: int
    kind: str
    status: str
    waits_for: str | None
    phase: str
    phases: list[dict[str, Any]]
    reason: str
    message: str
    noop: bool
    fingerprint: dict[str, str]
    receipt: dict[str, Any]
    redacted: int
    log: LogSummary
    environment_version: int
    cancel_requested_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    proved_at: datetime | None


def prepare_out(row: Prepare, mapping: Mapping) -> PrepareOut:
    """Show an attempt of a binding."""
    is_held = not mapping.node.is_connected or mapping.node.drained_at is not None
    is_waiting = row.status == PrepareStatus.QUEUED and is_held
    return PrepareOut.model_validate(
        {
            "id": row.id,
            "bindingId": row.binding_id,
            "environmentId": mapping.environment.id,
            "environmentName": mapping.environment.name,
            "nodeId": mapping.node.id,
            "nodeName": mapping.node.name,
            "nodeLink": link_of(mapping.node),
            "nodeDrained": mapping.node.drained_at is not None,
            "attempt": row.attempt,
            "kind": row.kind,
            "status": row.status,
            "waitsFor": mapping.node.name if is_waiting else None,
            "phase": row.phase,
            "phases": row.phases,
            "reason": row.reason,
            "message": row.message,
            "noop": row.noop,
            "fingerprint": row.fingerprint,
            "receipt": row.receipt,
            "redacted": row.redacted,
            "log": {
                "bytes": row.log_bytes,
                "lines": row.log_lines,
                "sha256": row.log_sha256,
                "truncatedBytes": row.log_truncated_bytes,
                "complete": row.log_complete,
                "removedAt": row.log_removed_at,
            },
            "environmentVersion": row.environment_version,
            "cancelRequestedAt": row.cancel_requested_at,
            "createdAt": row.created_at,
            "startedAt": row.started_at,
            "endedAt": row.ended_at,
            "provedAt": row.proved_at,
        }
    )


@router.get("/{prepare_id}")
async def get_prepare(prepare_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> PrepareOut:
    """Return one attempt."""
    return prepare_out(*await prepares.get_prepare(runtime, actor, prepare_id=prepare_id))


@router.post("/{prepare_id}/cancel")
async def cancel(prepare_id: UUID, actor: Runner, runtime: CurrentRuntime) -> PrepareOut:
    """Cancel: at once while it waits, else the node is asked to stop."""
    return prepare_out(*await prepares.cancel(runtime, actor, prepare_id=prepare_id))


@router.post("/{prepare_id}/lost")
async def give_up(prepare_id: UUID, actor: Runner, runtime: CurrentRuntime) -> PrepareOut:
    """Give up an attempt whose node does not come back."""
    return prepare_out(*await prepares.give_up(runtime, actor, prepare_id=prepare_id))
