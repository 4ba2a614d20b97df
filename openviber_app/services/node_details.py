"""Everything that the nodes page tells of a person's nodes, in one call."""

from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.node_commands import Door, door_at
from openviber_app.services.daemon_wheel import NoDaemonError, find_wheel
from openviber_app.services.deliveries_seen import Seen, list_seen
from openviber_app.services.nodes import NodeView, views
from openviber_app.services.runtime import Runtime
from openviber_app.store import node_work, nodes
from openviber_app.store.bindings import Mapping
from openviber_app.store.node_work import OpenRun
from openviber_app.store.tables import Prepare


@dataclass(frozen=True, slots=True)
class NodeDetails:
    """A node with the environments on it and the work that has not ended."""

    node: NodeView
    mappings: list[Mapping]
    prepares: dict[UUID, Prepare]
    """By the binding; where a prepare and a spare go on at once, the prepare."""
    runs: list[OpenRun]
    seen: list[Seen]
    """Of a revoked node: the secrets that it was sent."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """A person's nodes; `daemon_version` is the one that this board hands out, if it has one."""

    nodes: list[NodeDetails]
    daemon_version: str
    door: Door


async def list_details(runtime: Runtime, actor: Actor) -> Nodes:
    """Return a person's nodes with what is on them, oldest first."""
    async with runtime.store.read() as db:
        known = await views(db, await nodes.list_nodes(db, user_id=actor.user_id))
        mappings = await node_work.list_mappings(db, user_id=actor.user_id)
        prepares = await node_work.list_open_prepares(db, user_id=actor.user_id)
        runs = await node_work.list_open_runs(db, user_id=actor.user_id)
        seen = {
            node.id: await list_seen(db, node_id=node.id)
            for node in known
            if node.revoked_at is not None
        }
    going_on = {p.binding_id: p for p in sorted(prepares, key=lambda p: p.kind == "prepare")}
    found: list[NodeDetails] = []
    for node in known:
        here = [m for m in mappings if m.node.id == node.id]
        ids = {m.binding.id for m in here}
        found.append(
            NodeDetails(
                node=node,
                mappings=here,
                prepares={key: row for key, row in going_on.items() if key in ids},
                runs=[entry for entry in runs if entry.run.node_id == node.id],
                seen=seen.get(node.id, []),
            )
        )
    return Nodes(found, _handed_out(), door_at(runtime.settings.public_url))


def _handed_out() -> str:
    try:
        return find_wheel().version
    except NoDaemonError:
        return ""
