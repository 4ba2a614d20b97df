"""An environment that is ready on the board's own node, for tests of what is done with it."""

from typing import Any

from tests.support.processes import wait_until
from tests.support.rest import Rest


def own_node(rest: Rest) -> dict[str, Any]:
    """Wait for the node of the board's own machine; returns it."""

    def connected() -> dict[str, Any] | None:
        nodes = rest.get("/api/nodes")["nodes"]
        return next((node for node in nodes if node["link"] == "connected"), None)

    return wait_until(connected, what="the board's own node")


def ready_environment(rest: Rest, name: str, script: str = "git init -q .") -> dict[str, Any]:
    """Make an empty folder that `script` fills, and prepare it."""
    made = rest.environment(name, setupMode="manual", setupScript=script)
    prepare = rest.prepared(rest.map(made, own_node(rest)["id"])["id"])
    assert prepare["status"] == "succeeded", prepare
    return made
