"""Whether a node can do what an environment needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
