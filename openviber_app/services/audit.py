"""The audit log: who did what to what, written in the transaction that does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.services.runtime import Runtime
from openviber_app.store.trust_tables import AuditEvent

NAME_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What something was done to, by the name that it had then."""

    kind: str  # user | session | token | invite | node | environment | secret | share | key
    id: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that was done; `facts` holds names, ids and versions, never a value."""

    action: str  # `node.revoked`: the target's kind, then a verb in the past
    target: Target
    actor: Actor | None = None
    """None: the board itself, or somebody who is not signed in."""
    client: str = ""
    """An address; without one, that of the actor's request."""
    facts: Mapping[str, Any] = field(default_factory=dict)


def record(runtime: Runtime, db: AsyncSession, deed: Deed) -> None:
    """Write a deed down with what the transaction changes: both are stored, or neither."""
    db.add(
        AuditEvent(
            created_at=runtime.clock.now(),
            actor_id=deed.actor.user_id if deed.actor else None,
            actor_name=deed.actor.name[:NAME_MAX] if deed.actor else "",
            client=deed.client or (deed.actor.client if deed.actor else ""),
            action=deed.action,
            target_kind=deed.target.kind,
            target_id=deed.target.id,
            target_name=deed.target.name[:NAME_MAX],
            facts=dict(deed.facts),
        )
    )
