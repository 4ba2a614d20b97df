"""Environments, nodes and bindings as rows, for tests that do not care how they came to be."""

from datetime import datetime
from uuid import UUID

from openviber_app.domain.draft_values import SecretChange, VariableDraft
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.services.runtime import Runtime
from openviber_app.services.specs import build_spec
from openviber_app.store.tables import Binding, Environment, Node


def github_draft(
    *,
    name: str = "Requests",
    repo_url: str = "https://github.com/psf/requests",
    variables: tuple[VariableDraft, ...] = (),
    secrets: tuple[SecretChange, ...] = (),
) -> EnvironmentDraft:
    """Return an environment on a public repository."""
    return EnvironmentDraft(
        name=name,
        type=EnvironmentType.GITHUB,
        repo_url=repo_url,
        variables=variables,
        secrets=secrets,
    )


def secret(
    key: str,
    value: str,
    *,
    scope: SecretScope | None = None,
    purpose: SecretPurpose = SecretPurpose.VARIABLE,
) -> SecretChange:
    """Return the setting of a secret."""
    return SecretChange(key=key, value=Secret(value), scope=scope, purpose=purpose)


async def add_node(
    runtime: Runtime, *, user_id: UUID, name: str = "studio-01", connected: bool = True
) -> Node:
    """Make a node that has been onboarded."""
    now = runtime.clock.now()
    node = Node(user_id=user_id, name=name, created_at=now, claimed_at=now, is_connected=connected)
    async with runtime.store.write() as db:
        db.add(node)
    return node


async def add_ready_binding(
    runtime: Runtime,
    *,
    environment_id: UUID,
    node_id: UUID,
    status: str = "ready",
    proved_at: datetime | None = None,
) -> Binding:
    """Make a binding as it is after a prepare that succeeded with today's configuration."""
    async with runtime.store.write() as db:
        environment = await db.get_one(Environment, environment_id)
        spec = await build_spec(db, environment)
        binding = Binding(
            environment_id=environment_id,
            node_id=node_id,
            status=status,
            fingerprint=spec["fingerprint"] | {"commit": "abc", "lockfile uv.lock": "def"},
            created_at=runtime.clock.now(),
            proved_at=proved_at,
        )
        db.add(binding)
        environment.default_binding_id = environment.default_binding_id or binding.id
    return binding
