"""Whether a node can do what an environment needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Needs:
    """What an environment asks of the machine that holds it."""

    type: str
    container_image: str
    network_access: bool


def unfit_reasons(needs: Needs, capabilities: Mapping[str, Any], *, node: str) -> list[str]:
    """Return why the node cannot hold the environment, each with what to do; empty when it can."""
    sandbox: set[str] = set(capabilities.get("sandbox") or ())
    reasons: list[str] = []
    if needs.container_image and "container" not in sandbox:
        reasons.append(
            f"the environment names the container image {needs.container_image}, and {node} cannot"
            " run containers: clear the image or choose another node"
        )
    if not needs.network_access and not sandbox & {"container", "bubblewrap"}:
        reasons.append(
            f"the environment turns network access off, and {node} has no sandbox that could"
            " enforce it: allow network access or choose another node"
        )
    if needs.type == "github" and not capabilities.get("git"):
        reasons.append(
            f"the environment is a git repository, and {node} has no git:"
            " install git there and restart its daemon"
        )
    return reasons


def closed_reasons(*, node: str, is_drained: bool, is_revoked: bool) -> list[str]:
    """Return why a node takes no new work, whatever it could do; empty when it takes some."""
    if is_revoked:
        return [f"{node} was revoked: choose another node, or add the machine as a new one"]
    if is_drained:
        return [f"{node} is drained and takes no new work: resume it on the Nodes page"]
    return []


@dataclass(frozen=True, slots=True)
class Contender:
    """A node as a place for an environment: what it lacks, and how much room it has."""

    node_id: UUID
    is_connected: bool
    issues: tuple[str, ...]
    work: int
    """Prepares and runs that go on there."""
    memory_free: int
    cores: int


def best_of(contenders: Sequence[Contender]) -> UUID | None:
    """Return the node that fits best: it is there, lacks nothing, has least to do, most room."""
    able = [c for c in contenders if c.is_connected and not c.issues]
    if not able:
        return None
    return min(able, key=lambda c: (c.work, -c.memory_free, -c.cores)).node_id
