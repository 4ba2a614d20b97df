"""People: how an account is made, and how somebody proves to be its owner."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotSignedInError,
    Problem,
)
from openviber_app.domain.ip_addresses import brake_key
from openviber_app.domain.people import PASSWORD_MAX, PersonDraft, checked, is_email, normal_email
from openviber_app.domain.roles import Right, Role, require_right, scopes_of
from openviber_app.domain.scopes import known_scopes
from openviber_app.domain.secret import Secret
from openviber_app.domain.text import is_storable
from openviber_app.services import access
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.passwords import hash_password, is_right
from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import SETTING, hash_code
from openviber_app.store import settings_rows, users
from openviber_app.store.people_tables import User, UserSession
from openviber_app.vault.tokens import hash_token, new_token

OWNER, MEMBER = Role.OWNER.value, Role.MEMBER.value
SESSION_LIFE = timedelta(days=30)
SLIDE_EVERY = timedelta(hours=1)
"""A session is moved on at most this often: not every request may cost a write."""

USER_AGENT_MAX = 300
NOBODYS = "this address and password do not belong together"

UNKNOWN = Target(kind="user")
"""Whoever typed an address that nobody has: it is not kept, it may be a password."""


@dataclass(frozen=True, slots=True)
class SessionGrant:
    """What the browser gets: the only copy of the cookie's value."""

    value: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"SessionGrant(until {self.expires_at})"


async def is_setup_needed(runtime: Runtime) -> bool:
    """Whether nobody has an account yet."""
    async with runtime.store.read() as db:
        return not await users.has_user(db)


async def create_owner(
    runtime: Runtime, draft: PersonDraft, *, code: str, client: str = ""
) -> Actor:
    """Make the first account with the one-time code that the console printed.

    Raises:
        ConflictError: the board has its owner.
        ForbiddenError: another code.
        InvalidInputError: the person's data cannot be taken.
        TooManyRequestsError: too many codes were tried.
    """
    tried = (f"setup {brake_key(client)}", "setup")
    runtime.tries.add(*tried)
    draft = checked(draft)
    async with runtime.store.read() as db:
        await _require_code(db, code)
    password_hash = await hash_password(draft.password)
    async with runtime.store.write() as db:
        await _require_code(db, code)  # again: another request may have been faster
        user = _user(draft, password_hash=password_hash, role=OWNER, now=runtime.clock.now())
        db.add(user)
        await settings_rows.delete_setting(db, SETTING)
        owner = actor_from(user, client=client)
        record(runtime, db, Deed(action="user.created", target=target_of(user), actor=owner))
    runtime.tries.forget(*tried)
    return owner


async def add_member(runtime: Runtime, actor: Actor, draft: PersonDraft) -> Actor:
    """Make another account, as owners and admins may.

    Raises:
        ForbiddenError: the actor may not.
        InvalidInputError: the person's data cannot be taken.
    """
    require_right(actor, Right.PEOPLE)
    draft = checked(draft)
    password_hash = await hash_password(draft.password)
    async with runtime.store.write() as db:
        user = await add_user(
            db, draft, password_hash=password_hash, role=MEMBER, now=runtime.clock.now()
        )
        record(runtime, db, Deed(action="user.created", target=target_of(user), actor=actor))
    return actor_from(user)


async def add_user(
    db: AsyncSession, draft: PersonDraft, *, password_hash: str, role: str, now: datetime
) -> User:
    """Store a checked person.

    Raises:
        InvalidInputError: somebody has this address.
    """
    if await users.find_user_by_email(db, draft.email) is not None:
        raise InvalidInputError([Problem("/email", "somebody here has this address already")])
    user = _user(draft, password_hash=password_hash, role=role, now=now)
    db.add(user)
    await db.flush()
    return user


async def sign_in(runtime: Runtime, *, email: str, password: Secret, client: str = "") -> Actor:
    """Return the person whose address and password these are.

    Raises:
        NotSignedInError: they are nobody's.
        TooManyRequestsError: too many tries for this address or from this client.
    """
    email = normal_email(email)
    if not is_email(email) or not is_storable(email) or not is_storable(password.open()):
        raise NotSignedInError(NOBODYS)
    place, whose = f"sign-in from {brake_key(client)}", f"sign-in as {email}"
    runtime.tries.add(place, whose)
    async with runtime.store.read() as db:
        user = await users.find_user_by_email(db, email)
    too_long = len(password.open()) > PASSWORD_MAX
    right = not too_long and await is_right(password, user.password_hash if user else None)
    if user is None or not right:
        refused = target_of(user) if user else Target(kind="user")
        async with runtime.store.write() as db:  # for nobody too: both take as long
            record(runtime, db, Deed(action="session.refused", target=refused, client=client))
        raise NotSignedInError(NOBODYS)
    runtime.tries.forget(whose)
    runtime.tries.give_back(place)  # or who has an account could guess at others' for ever
    return replace(actor_from(user, client=client), proof=_proof_of(user))


async def start_session(
    runtime: Runtime, actor: Actor, *, user_agent: str = "", replaced: str = ""
) -> SessionGrant:
    """Begin a session of 30 days; each use moves its end on.

    `replaced` is the cookie that the browser came with: whatever it was worth, it ends.

    Raises:
        NotSignedInError: the person is gone, or has another password than the one that they typed.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        user = await users.find_user(db, actor.user_id)
        if user is None or actor.proof not in {"", _proof_of(user)}:
            raise NotSignedInError(NOBODYS)
        await users.delete_expired_sessions(db, now=now)
        ended = await _end(db, replaced)
        grant = add_session(db, user_id=actor.user_id, user_agent=user_agent, now=now)
        target = Target(kind="user", id=actor.user_id, name=actor.name)
        record(runtime, db, Deed(action="session.started", target=target, actor=actor))
    access.ask_again(runtime, *ended)
    return grant


def add_session(db: AsyncSession, *, user_id: UUID, user_agent: str, now: datetime) -> SessionGrant:
    """Store a new session."""
    grant = SessionGrant(value=new_token("ov_session_"), expires_at=now + SESSION_LIFE)
    db.add(
        UserSession(
            token_hash=hash_token(grant.value),
            user_id=user_id,
            created_at=now,
            expires_at=grant.expires_at,
            last_seen_at=now,
            user_agent=user_agent[:USER_AGENT_MAX],
        )
    )
    return grant


async def end_session(runtime: Runtime, value: str, *, client: str = "") -> None:
    """Sign out: the cookie's value is worth nothing from now on."""
    async with runtime.store.write() as db:
        found = await users.find_session(db, hash_token(value))
        ended = await _end(db, value)
        if found is not None:
            actor = actor_from(found[1], client=client)
            target = target_of(found[1])
            record(runtime, db, Deed(action="session.ended", target=target, actor=actor))
    access.ask_again(runtime, *ended)


async def _end(db: AsyncSession, value: str) -> list[UUID]:
    found = await users.find_session(db, hash_token(value)) if value else None
    if found is None:
        return []
    await users.delete_session(db, found[0].token_hash)
    return [found[1].id]


async def get_actor_by_session(runtime: Runtime, value: str) -> Actor:
    """Return the person behind a session cookie.

    Raises:
        NotSignedInError: there is no such session, or it is over.
    """
    now = runtime.clock.now()
    async with runtime.store.read() as db:
        found = await users.find_session(db, hash_token(value))
    if found is None or found[0].expires_at <= now:
        raise NotSignedInError
    session, user = found
    if now - session.last_seen_at >= SLIDE_EVERY:
        async with runtime.store.write() as db:
            current = await db.get(UserSession, session.token_hash)
            if current is None:  # signed out meanwhile
                raise NotSignedInError
            current.last_seen_at, current.expires_at = now, now + SESSION_LIFE
    return actor_from(user)


async def get_actor_by_token(runtime: Runtime, token: str) -> Actor:
    """Return the person behind an API token.

    Raises:
        NotSignedInError: there is no such token, or it is over.
    """
    now = runtime.clock.now()
    token_hash = hash_token(token)
    async with runtime.store.read() as db:
        found = await users.find_token(db, token_hash)
    if found is None or (found[0].expires_at is not None and found[0].expires_at <= now):
        raise NotSignedInError("this token is not valid: it was revoked, has ended, or never was")
    row, user = found
    if row.last_used_at is None or now - row.last_used_at >= SLIDE_EVERY:
        async with runtime.store.write() as db:
            again = await users.find_token(db, token_hash)
            if again is None:  # revoked meanwhile
                raise NotSignedInError("this token was revoked")
            again[0].last_used_at = now
    scopes = known_scopes(row.scopes) & scopes_of(user.role)
    return replace(actor_from(user), scopes=scopes, until=row.expires_at)


def actor_from(user: User, *, client: str = "") -> Actor:
    """Return a person as the one who acts."""
    return Actor(user_id=user.id, name=user.name, email=user.email, role=user.role, client=client)


def _proof_of(user: User) -> str:
    return hash_token(user.password_hash or "")


def target_of(user: User) -> Target:
    """Return a person as the one to whom something was done."""
    return Target(kind="user", id=user.id, name=user.name)


def _user(draft: PersonDraft, *, password_hash: str, role: str, now: datetime) -> User:
    return User(
        name=draft.name,
        email=draft.email,
        password_hash=password_hash,
        role=role,
        created_at=now,
    )


async def _require_code(db: AsyncSession, code: str) -> None:
    if await users.has_user(db):
        raise ConflictError("this board has its owner already: sign in instead")
    stored = await settings_rows.find_setting(db, SETTING)
    if not isinstance(stored, str) or not hmac.compare_digest(stored, hash_code(code)):
        raise ForbiddenError(
            "this is not the set-up code: it stands where the board was started, and a new one "
            "is printed at each start",
            pointer="/code",
        )
