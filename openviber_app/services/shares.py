"""Sharing an environment with other people of the board."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import InvalidInputError, NotFoundError, Problem
from openviber_app.domain.people import normal_email
from openviber_app.domain.reports import Advance
from openviber_app.domain.sharing import Access, Right
from openviber_app.services.access import access_topic, require_right, tell_watchers, user_topic
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import shares, users
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Environment
from openviber_app.store.trust_tables import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """What somebody may do in an environment that is not theirs."""

    user_id: UUID
    name: str
    email: str
    role: Access
    created_at: datetime


def _view(share: Share, user: User) -> ShareView:
    return ShareView(
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=Access(share.role),
        created_at=share.created_at,
    )


async def list_shares(runtime: Runtime, actor: Actor, *, environment_id: UUID) -> list[ShareView]:
    """Return with whom an environment is shared, by name; its owner asks.

    Raises:
        NotFoundError: no such environment that the person may see.
        ForbiddenError: it is not theirs.
    """
    async with runtime.store.read() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.SHARE)
        found = await shares.list_shares(db, environment_id=environment_id)
    return [_view(share, user) for share, user in found]


async def put_share(
    runtime: Runtime, actor: Actor, *, environment_id: UUID, email: str, role: Access
) -> ShareView:
    """Share an environment with somebody who has an account here, or change what they may do.

    Raises:
        NotFoundError: no such environment that the person may see.
        ForbiddenError: it is not theirs.
        InvalidInputError: nobody here has this address, or it is the owner's own.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        standing = await require_right(db, actor, environment_id=environment_id, right=Right.SHARE)
        user = await users.find_user_by_email(db, normal_email(email))
        if user is None:
            words = "nobody on this board has this address: invite them first"
            raise InvalidInputError([Problem("/email", words)])
        if user.id == standing.owner_id:
            raise InvalidInputError([Problem("/email", "this environment is yours already")])
        share = await shares.find_share(db, environment_id=environment_id, user_id=user.id)
        before = share.role if share else ""
        if share is None:
            share = Share(
                environment_id=environment_id,
                user_id=user.id,
                role=role,
                created_by=actor.user_id,
                created_at=now,
            )
            db.add(share)
            await db.flush()
            await shares.note_as_read(db, share)
        share.role = role
        if before != role:
            environment = await db.get_one(Environment, environment_id)
            action = "share.changed" if before else "share.added"
            facts = {"role": role} | ({"before": before} if before else {})
            record(runtime, db, _deed(action, actor, environment, user, facts=facts))
        view = _view(share, user)
        moved = await tell_watchers(db, environment_id)
    runtime.announce(moved)
    return view


async def delete_share(
    runtime: Runtime, actor: Actor, *, environment_id: UUID, user_id: UUID
) -> None:
    """Take an environment away from somebody: their open pages lose it at once.

    What they started goes on; its owner can stop it. Somebody can also leave by themselves.

    Raises:
        NotFoundError: no such environment that the person may see, or it is not shared with them.
        ForbiddenError: it is not theirs.
    """
    async with runtime.store.write() as db:
        right = Right.SEE if user_id == actor.user_id else Right.SHARE
        await require_right(db, actor, environment_id=environment_id, right=right)
        share = await shares.find_share(db, environment_id=environment_id, user_id=user_id)
        if share is None:
            raise NotFoundError("share")
        environment = await db.get_one(Environment, environment_id)
        user = await db.get_one(User, user_id)
        facts = {"before": share.role}
        record(runtime, db, _deed("share.removed", actor, environment, user, facts=facts))
        await db.delete(share)
        await db.flush()
        moved = await tell_watchers(db, environment_id)
    runtime.announce([*moved, Advance(user_topic(user_id)), Advance(access_topic(user_id))])


def _deed(
    action: str, actor: Actor, environment: Environment, user: User, *, facts: dict[str, str]
) -> Deed:
    return Deed(
        action=action,
        target=Target(kind="share", id=environment.id, name=environment.name),
        actor=actor,
        facts={**facts, "person": user.name, "personId": str(user.id)},
    )
