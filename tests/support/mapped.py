"""An environment mapped to an onboarded node, made through the services."""

from dataclasses import dataclass
from typing import Any

from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType
from openviber_app.services import bindings, environments, nodes
from openviber_app.services.bindings import BindingDraft
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Environment, Node, Prepare
from openviber_app.vault.tokens import hash_token
from tests.support.board import Person


@dataclass
class MappedEnvironment:
    """The rows, as they were when they were made."""

    environment: Environment
    node: Node
    binding: Binding
    prepare: Prepare


async def claimed_node(runtime: Runtime, person: Person, *, name: str = "studio-01") -> Node:
    """Make a node that looks as onboarding leaves it; its token is `ov_node_<name>_<person>`."""
    made = await nodes.make_token(runtime, person.actor, name=name)
    async with runtime.store.write() as db:
        node = await db.get_one(Node, made.node_id)
        node.claimed_at = runtime.clock.now()
        node.auth_token_hash = hash_token(f"ov_node_{name}_{person.actor.name}")
        node.capabilities = {"os": "linux", "git": "2.39.5", "sandbox": ["native"]}
    return node


async def add_environment(runtime: Runtime, person: Person, **changes: Any) -> Environment:
    """Make an environment that needs no repository, unless the changes give it one."""
    plain = {"name": "library", "type": EnvironmentType.MANUAL, "setup_script": "true"}
    draft = EnvironmentDraft(**(plain | changes))
    return (await environments.create_environment(runtime, person.actor, draft)).row


async def map_environment(
    runtime: Runtime, person: Person, *, draft: dict[str, Any] | None = None, **changes: Any
) -> MappedEnvironment:
    """Make both ends, and the binding between them with its first prepare queued."""
    node = await claimed_node(runtime, person)
    environment = await add_environment(runtime, person, **changes)
    mapped = await bindings.map_to_node(
        runtime,
        person.actor,
        environment_id=environment.id,
        draft=BindingDraft(node_id=node.id, **(draft or {})),
    )
    mapping = mapped.mapping
    return MappedEnvironment(
        mapping.environment, mapping.node, mapping.binding, mapped.queued.prepare
    )


GITHUB = {
    "type": EnvironmentType.GITHUB,
    "repo_url": "https://github.com/example/library",
    "repo_branch": "main",
}
"""Changes that make an environment of a repository, which has slots."""
