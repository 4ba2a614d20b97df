"""Who may do what in an environment, and who is told when something in it moved."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.reports import Advance
from openviber_app.domain.sharing import Right, require
from openviber_app.services.runtime import Runtime
from openviber_app.store import scopes
from openviber_app.store.scopes import Standing
from openviber_app.store.tables import Node


def user_topic(user_id: UUID) -> str:
    """Return the topic that moves when anything in a person's lists changed."""
    return f"user:{user_id}"


def access_topic(user_id: UUID) -> str:
    """Return the topic that moves when a proof of theirs ended, or they may see less."""
    return f"access:{user_id}"


def ask_again(runtime: Runtime, *user_ids: UUID) -> None:
    """Have these people's open sockets ask again what they may see; call it after the commit."""
    for user_id in user_ids:
        runtime.bus.advanced(access_topic(user_id))


async def require_right(
    db: AsyncSession, actor: Actor, *, environment_id: UUID, right: Right, noun: str = "environment"
) -> Standing:
    """Return how the person stands to an environment in which they may do this.

    Raises:
        NotFoundError: there is no such environment, or they may not see it.
        ForbiddenError: they may see it, and this needs more.
    """
    found = await scopes.list_standings(db, user_id=actor.user_id, environment_id=environment_id)
    if environment_id not in found:
        raise NotFoundError(noun)
    standing = found[environment_id]
    require(standing.access, right, owner=standing.owner_name)
    return standing


async def tell_watchers(db: AsyncSession, environment_id: UUID) -> list[Advance]:
    """Return the topics that tell everybody who sees an environment, its owner first."""
    watchers = await scopes.list_watchers(db, environment_id=environment_id)
    return [Advance(user_topic(user_id)) for user_id in watchers]


async def tell_watchers_of_node(db: AsyncSession, node: Node) -> list[Advance]:
    """Return the topics that tell its owner, and whoever sees an environment that is on it."""
    others = await scopes.list_watchers_of_node(db, node_id=node.id)
    return [Advance(user_topic(user_id)) for user_id in (node.user_id, *others)]
