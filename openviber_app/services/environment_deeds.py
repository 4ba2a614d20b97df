"""What the audit log is told of an environment: names of fields and secrets, never a value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.services.audit import Deed, Target
from openviber_app.store import environments
from openviber_app.store.tables import Environment, EnvironmentSecret

_OURS = {
    "id",
    "user_id",
    "version",
    "default_binding_id",
    "secrets_generation",
    "secrets_manifest",
    "created_at",
    "updated_at",
}
"""Columns that a save does not take from the draft."""


def target_of(environment: Environment) -> Target:
    """Return an environment as a deed names it."""
    return Target(kind="environment", id=environment.id, name=environment.name)


async def plain_fields(db: AsyncSession, environment: Environment) -> dict[str, Any]:
    """Return what a save replaces, to be compared and forgotten."""
    variables = await environments.list_variables(db, environment_id=environment.id)
    plain = {name: getattr(environment, name) for name in Environment.model_fields}
    return {
        **{name.rstrip("_"): value for name, value in plain.items() if name not in _OURS},
        "variables": [(item.key, item.value) for item in variables],
    }


def made(actor: Actor, environment: Environment) -> Deed:
    """Return that an environment was made."""
    return Deed(
        action="environment.created",
        target=target_of(environment),
        actor=actor,
        facts={"type": environment.type},
    )


def saved(
    actor: Actor, environment: Environment, *, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Deed:
    """Return that an environment was saved, with the names of the fields that changed."""
    changed = sorted(name for name in after if before.get(name) != after[name])
    return Deed(
        action="environment.saved",
        target=target_of(environment),
        actor=actor,
        facts={"fields": changed, "version": environment.version},
    )


def deleted(actor: Actor, environment: Environment) -> Deed:
    """Return that an environment was deleted."""
    return Deed(action="environment.deleted", target=target_of(environment), actor=actor)


def of_secrets(
    actor: Actor,
    environment: Environment,
    *,
    before: Mapping[str, int],
    after: Sequence[EnvironmentSecret],
) -> Iterator[Deed]:
    """Return which secrets were set or deleted, by name and version."""
    facts = {"environment": environment.name, "environmentId": str(environment.id)}
    for row in after:
        if before.get(row.key) != row.version:
            yield Deed(
                action="secret.set",
                target=Target(kind="secret", id=row.id, name=row.key),
                actor=actor,
                facts={**facts, "version": row.version},
            )
    for key in sorted(before.keys() - {row.key for row in after}):
        yield Deed(
            action="secret.deleted",
            target=Target(kind="secret", name=key),
            actor=actor,
            facts={**facts, "version": before[key]},
        )
