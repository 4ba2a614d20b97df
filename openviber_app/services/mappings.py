"""Every environment by node, and which node an environment's threads go to."""

from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.sharing import Right
from openviber_app.services.access import require_right, tell_watchers
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Prepare


async def list_mappings(
    runtime: Runtime, actor: Actor, *, environment_id: UUID | None = None
) -> list[tuple[Mapping, Prepare | None]]:
    """Return the bindings that a person may see with their last whole prepares."""
    async with runtime.store.read() as db:
        found = await bindings.list_seen(db, user_id=actor.user_id)
        return [
            (m, await prepares.find_last(db, binding_id=m.binding.id, kind="prepare"))
            for m in found
            if environment_id in (None, m.environment.id)
        ]


async def make_default(
    runtime: Runtime, actor: Actor, *, binding_id: UUID
) -> tuple[Mapping, Prepare | None]:
    """Let an environment's threads go to this node unless they say otherwise.

    Raises:
        NotFoundError: no such binding.
    """
    async with runtime.store.write() as db:
        mapping = await bindings.find_mapping(db, user_id=actor.user_id, binding_id=binding_id)
        if mapping is None:
            raise NotFoundError("binding")
        await require_right(
            db, actor, environment_id=mapping.environment.id, right=Right.EDIT, noun="binding"
        )
        mapping.environment.default_binding_id = binding_id
        last = await prepares.find_last(db, binding_id=binding_id, kind="prepare")
        moved = await tell_watchers(db, mapping.environment.id)
    runtime.announce(moved)
    return mapping, last
