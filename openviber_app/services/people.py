"""The people of a board: who is here, what they may, and how somebody leaves."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    Problem,
)
from openviber_app.domain.roles import Right, Role, may_manage, require_right
from openviber_app.services import access, environments, nodes
from openviber_app.services.access import user_topic
from openviber_app.services.accounts import actor_from, target_of
from openviber_app.services.audit import Deed, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import people, users
from openviber_app.store.people import Belongings
from openviber_app.store.people_tables import User


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody with what goes when they go; `can_manage` says whether the asker may change them."""

    id: UUID
    name: str
    email: str
    role: str
    created_at: datetime
    last_seen_at: datetime | None
    environments: int
    nodes: int
    threads: int
    can_manage: bool
    is_last_owner: bool


async def list_people(runtime: Runtime, actor: Actor) -> list[PersonView]:
    """Return everybody, oldest account first.

    Raises:
        ForbiddenError: the actor may not.
    """
    require_right(actor, Right.PEOPLE)
    async with runtime.store.read() as db:
        rows = await people.list_users(db)
        belongings = await people.list_belongings(db)
    owners = sum(row.role == Role.OWNER for row in rows)
    return [
        _view(row, belongings.get(row.id, Belongings()), actor=actor, owners=owners) for row in rows
    ]


async def change_role(runtime: Runtime, actor: Actor, *, user_id: UUID, role: str) -> PersonView:
    """Make somebody something else; their sessions end, and so do the invites they made.

    Raises:
        ForbiddenError: the actor may not.
        NotFoundError: there is nobody with this id.
        InvalidInputError: there is no such role.
        ConflictError: they are the last owner.
    """
    require_right(actor, Right.PEOPLE)
    if role not in set(Role):
        raise InvalidInputError([Problem("/role", f"a role is one of {', '.join(Role)}")])
    async with runtime.store.write() as db:
        user = await _get_managed(db, actor, user_id)
        if not may_manage(actor.role, role):
            require_right(actor, Right.ADMINS)
        before = user.role
        if role != before:
            await _require_another_owner(db, user)
            user.role = role
            await users.delete_other_sessions(db, user_id=user_id, kept_hash="")
            await people.delete_open_invites_of(db, user_id=user_id)
            facts = {"from": before, "to": role}
            record(
                runtime,
                db,
                Deed(action="user.role_changed", target=target_of(user), actor=actor, facts=facts),
            )
        await db.flush()
        owners = await people.count_of_role(db, Role.OWNER)
        belongings = (await people.list_belongings(db)).get(user_id, Belongings())
    if role != before:
        access.ask_again(runtime, user_id)
    return _view(user, belongings, actor=actor, owners=owners)


async def remove_person(runtime: Runtime, actor: Actor, *, user_id: UUID) -> None:
    """Remove somebody with everything that is theirs; stopped halfway, it can be done again.

    Raises:
        ForbiddenError: the actor may not.
        NotFoundError: there is nobody with this id.
        ConflictError: they are the last owner, or work of theirs goes on.
    """
    require_right(actor, Right.PEOPLE)
    async with runtime.store.write() as db:  # first of all they can do nothing any more
        user = await _get_managed(db, actor, user_id)
        await _require_another_owner(db, user)
        await users.delete_other_sessions(db, user_id=user_id, kept_hash="")
        await users.delete_tokens(db, user_id=user_id)
        node_ids, environment_ids = await people.list_ids_of(db, user_id=user_id)
        deed = Deed(action="user.signed_out", target=target_of(user), actor=actor)
        record(runtime, db, deed)  # the rest may fail
    access.ask_again(runtime, user_id)
    gone = actor_from(user)
    try:
        await _remove_things(runtime, gone, node_ids=node_ids, environment_ids=environment_ids)
    except ConflictError as error:
        raise ConflictError(f"{user.name} is signed out, but not removed yet: {error}") from error
    async with runtime.store.write() as db:
        row = await users.find_user(db, user_id)
        if row is None:
            raise NotFoundError("person")
        await _require_another_owner(db, row)
        facts = {
            "email": row.email,
            "role": row.role,
            "nodes": len(node_ids),
            "environments": len(environment_ids),
        }
        record(
            runtime,
            db,
            Deed(action="user.removed", target=target_of(row), actor=actor, facts=facts),
        )
        await db.delete(row)
    access.ask_again(runtime, user_id)
    runtime.bus.advanced(user_topic(user_id))


async def _remove_things(
    runtime: Runtime, gone: Actor, *, node_ids: list[UUID], environment_ids: list[UUID]
) -> None:
    """Remove by the ordinary ways, which close sockets, end runs and tell nodes."""
    for node_id in node_ids:
        with suppress(NotFoundError):  # it went meanwhile
            await nodes.delete_node(runtime, gone, node_id=node_id)
    for environment_id in environment_ids:
        with suppress(NotFoundError):
            await environments.delete_environment(runtime, gone, environment_id=environment_id)


async def _get_managed(db: AsyncSession, actor: Actor, user_id: UUID) -> User:
    user = await users.find_user(db, user_id)
    if user is None:
        raise NotFoundError("person")
    if not may_manage(actor.role, user.role):
        require_right(actor, Right.ADMINS)
    return user


async def _require_another_owner(db: AsyncSession, user: User) -> None:
    if user.role == Role.OWNER and await people.count_of_role(db, Role.OWNER) == 1:
        raise ConflictError(
            f"{user.name} is the last owner of this board: make somebody else an owner first"
        )


def _view(user: User, belongings: Belongings, *, actor: Actor, owners: int) -> PersonView:
    return PersonView(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        created_at=user.created_at,
        last_seen_at=belongings.last_seen_at,
        environments=belongings.environments,
        nodes=belongings.nodes,
        threads=belongings.threads,
        can_manage=may_manage(actor.role, user.role),
        is_last_owner=user.role == Role.OWNER and owners == 1,
    )
