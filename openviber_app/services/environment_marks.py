"""What a person notes about an environment: that it is pinned, that they are in it now."""

from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.reports import Advance
from openviber_app.services.access import user_topic
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments, marks
from openviber_app.store.mark_tables import EnvironmentMark


async def list_marks(runtime: Runtime, actor: Actor) -> dict[UUID, EnvironmentMark]:
    """Return a person's marks, by the environment's id."""
    async with runtime.store.read() as db:
        return await marks.list_environment_marks(db, user_id=actor.user_id)


async def change_mark(
    runtime: Runtime,
    actor: Actor,
    *,
    environment_id: UUID,
    is_pinned: bool | None = None,
    is_current: bool | None = None,
) -> EnvironmentMark:
    """Pin an environment, or make it the one that the board opens with.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    async with runtime.store.write() as db:
        await environments.get_environment(db, user_id=actor.user_id, environment_id=environment_id)
        mark = await marks.take_environment_mark(
            db, user_id=actor.user_id, environment_id=environment_id
        )
        if is_pinned is not None:
            mark.is_pinned = is_pinned
        if is_current is not None:
            mark.used_at = runtime.clock.now() if is_current else None
        await db.flush()
    runtime.announce([Advance(user_topic(actor.user_id))])
    return mark
