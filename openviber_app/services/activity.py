"""How many of a person's threads run, and how many wait for them."""

from dataclasses import dataclass

from openviber_app.domain.actors import Actor
from openviber_app.domain.statuses import RunStatus
from openviber_app.services.runtime import Runtime
from openviber_app.store import runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Counts of threads, over all environments."""

    running: int
    needs_you: int


async def get_activity(runtime: Runtime, actor: Actor) -> Activity:
    """Return what goes on."""
    async with runtime.store.read() as db:
        return Activity(
            running=await runs.count_threads(db, user_id=actor.user_id, status=RunStatus.RUNNING),
            needs_you=await runs.count_threads(
                db, user_id=actor.user_id, status=RunStatus.WAITING_APPROVAL
            ),
        )
