"""Which of a person's nodes an environment can be mapped to."""

from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.fitness import (
    Contender,
    Needs,
    best_of,
    closed_reasons,
    unfit_reasons,
)
from openviber_app.domain.sharing import Right
from openviber_app.services.access import require_right
from openviber_app.services.bindings import needs_of
from openviber_app.services.nodes import NodeView, views
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings, nodes
from openviber_app.store.tables import Binding, Environment


@dataclass(frozen=True, slots=True)
class Fit:
    """A node with what it lacks for an environment, and the mapping that is there already."""

    node: NodeView
    issues: tuple[str, ...]
    is_best: bool
    binding: Binding | None


@dataclass(frozen=True, slots=True)
class Fits:
    """An environment with every node of its owner, the one that fits best first."""

    environment: Environment
    fits: list[Fit]


def _contender(node: NodeView, issues: tuple[str, ...]) -> Contender:
    return Contender(
        node_id=node.id,
        is_connected=node.link == "connected",
        issues=issues,
        work=node.prepares + node.runs,
        memory_free=node.load.get("memoryFreeBytes") or 0,
        cores=node.capabilities.get("cores") or 0,
    )


async def list_fits(runtime: Runtime, actor: Actor, *, environment_id: UUID) -> Fits:
    """Return how well each node fits an environment; one that waits for its machine lacks that.

    Raises:
        NotFoundError: no such environment.
        ForbiddenError: somebody else owns it: its nodes are theirs.
    """
    async with runtime.store.read() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.MAP)
        environment = await db.get_one(Environment, environment_id)
        known = await views(db, await nodes.list_nodes(db, user_id=actor.user_id))
        mappings = await bindings.list_of_environment(db, environment_id=environment_id)
    placed = {mapping.node.id: mapping.binding for mapping in mappings}
    needs = needs_of(environment)
    issues = {node.id: tuple(_issues(needs, node)) for node in known}
    best = best_of([_contender(node, issues[node.id]) for node in known])
    fits = [Fit(node, issues[node.id], node.id == best, placed.get(node.id)) for node in known]
    return Fits(environment, sorted(fits, key=_order))


def _issues(needs: Needs, node: NodeView) -> list[str]:
    if node.link == "waiting":
        return [f"{node.name} has not been onboarded yet: run its one-time command there first"]
    closed = closed_reasons(
        node=node.name,
        is_drained=node.drained_at is not None,
        is_revoked=node.revoked_at is not None,
    )
    return closed or unfit_reasons(needs, node.capabilities, node=node.name)


def _order(fit: Fit) -> tuple[bool, bool, bool, str]:
    return (not fit.is_best, bool(fit.issues), fit.node.link != "connected", fit.node.name)
