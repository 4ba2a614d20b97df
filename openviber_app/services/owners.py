"""Whose board this is."""

from openviber_app.domain.actors import Actor
from openviber_app.services.accounts import OWNER, actor_from
from openviber_app.services.runtime import Runtime
from openviber_app.store import users


async def find_owner(runtime: Runtime) -> Actor | None:
    """Return the board's first owner, or None while nobody has an account."""
    async with runtime.store.read() as db:
        user = await users.find_first_of_role(db, OWNER)
    return actor_from(user) if user else None
