"""What people change about their own account."""

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import InvalidInputError, NotSignedInError, Problem
from openviber_app.domain.people import (
    PASSWORD_MAX,
    email_problems,
    name_problems,
    normal_email,
    password_problems,
    stored_password,
)
from openviber_app.domain.secret import Secret
from openviber_app.domain.text import is_storable
from openviber_app.services.access import user_topic
from openviber_app.services.accounts import SessionGrant, actor_from, add_session, target_of
from openviber_app.services.audit import Deed, record
from openviber_app.services.passwords import hash_password, is_right
from openviber_app.services.runtime import Runtime
from openviber_app.store import users
from openviber_app.vault.tokens import hash_token


async def change_profile(
    runtime: Runtime,
    actor: Actor,
    *,
    name: str | None,
    email: str | None,
    current_password: Secret | None,
) -> Actor:
    """Change name and address; another address, which signs in, needs the password.

    Raises:
        InvalidInputError: what was typed cannot be taken.
        TooManyRequestsError: too many passwords were tried.
    """
    name = actor.name if name is None else name.strip()
    email = actor.email if email is None else normal_email(email)
    if problems := [*name_problems(name), *email_problems(email)]:
        raise InvalidInputError(problems)
    if email != actor.email or current_password is not None:
        await require_password(runtime, actor, current_password)
    async with runtime.store.write() as db:
        other = await users.find_user_by_email(db, email)
        if other is not None and other.id != actor.user_id:
            raise InvalidInputError([Problem("/email", "somebody here has this address already")])
        user = await users.find_user(db, actor.user_id)
        if user is None:
            raise NotSignedInError
        if user.email != email:
            facts = {"from": user.email, "to": email}
            record(
                runtime,
                db,
                Deed(action="user.email_changed", target=target_of(user), actor=actor, facts=facts),
            )
        user.name, user.email = name, email
        changed = actor_from(user)
    runtime.bus.advanced(user_topic(actor.user_id))
    return changed


async def change_password(
    runtime: Runtime,
    actor: Actor,
    *,
    current: Secret,
    new: Secret,
    cookie: str,
    user_agent: str = "",
) -> SessionGrant | None:
    """Change the password and end every session; the one that asks gets another value.

    Sockets that were opened with the old value have to be told by `access.ask_again`, once the
    browser has the new one.

    Raises:
        InvalidInputError: the current one is wrong, or the new one cannot be taken.
        TooManyRequestsError: too many passwords were tried.
    """
    plain = new.open()
    problems = password_problems(plain, email=actor.email, name=actor.name, field="/newPassword")
    if problems:
        raise InvalidInputError(problems)
    await require_password(runtime, actor, current)
    password_hash = await hash_password(stored_password(plain))
    async with runtime.store.write() as db:
        user = await users.find_user(db, actor.user_id)
        if user is None:
            raise NotSignedInError
        user.password_hash = password_hash
        now = runtime.clock.now()
        found = await users.find_session(db, hash_token(cookie)) if cookie else None
        is_here = found is not None and found[1].id == user.id and found[0].expires_at > now
        await users.delete_other_sessions(db, user_id=actor.user_id, kept_hash="")
        record(
            runtime, db, Deed(action="user.password_changed", target=target_of(user), actor=actor)
        )
        if not is_here:
            return None
        return add_session(db, user_id=user.id, user_agent=user_agent, now=now)


async def require_password(runtime: Runtime, actor: Actor, password: Secret | None) -> None:
    """Make sure that a person knows their own password.

    Raises:
        InvalidInputError: it is another one, or none was typed.
        TooManyRequestsError: too many were tried.
    """
    tried = f"password of {actor.user_id}"
    runtime.tries.add(tried)
    typed = password.open() if password else ""
    async with runtime.store.read() as db:
        user = await users.find_user(db, actor.user_id)
    is_possible = bool(typed) and len(typed) <= PASSWORD_MAX and is_storable(typed)
    if user is None or not is_possible or not await is_right(Secret(typed), user.password_hash):
        words = "this is not your current password" if typed else "type your current password"
        raise InvalidInputError([Problem("/currentPassword", words)])
    runtime.tries.forget(tried)
