"""Invites: one-time links with which somebody makes their own account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Problem,
)
from openviber_app.domain.ip_addresses import brake_key
from openviber_app.domain.people import PersonDraft, checked
from openviber_app.domain.roles import Right, Role, may_manage, require_right
from openviber_app.domain.text import is_storable
from openviber_app.services.accounts import actor_from, add_user, target_of
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.passwords import hash_password
from openviber_app.services.runtime import Runtime
from openviber_app.store import people, users
from openviber_app.store.people_tables import Invite
from openviber_app.vault.tokens import hash_token, new_token

LIFE = timedelta(days=7)
LIFE_MAX = timedelta(days=30)
NOTE_MAX = 100
OPEN_MAX = 100
PREFIX = "ov_invite_"
ROLES = (Role.MEMBER, Role.ADMIN)
"""Who may come by a link; an owner is made out of somebody who is here."""

REFUSED = "this invite was used, was revoked, or has ended: ask whoever sent it for another one"


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteView:
    """An open invite as it may be shown: never its link."""

    id: UUID
    role: str
    note: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    can_revoke: bool


@dataclass(frozen=True, slots=True)
class MadeInvite:
    """An invite with its link, which exists nowhere else."""

    invite: InviteView
    link: str

    def __repr__(self) -> str:
        return f"MadeInvite({self.invite.id})"


async def create_invite(
    runtime: Runtime,
    actor: Actor,
    *,
    role: str = Role.MEMBER,
    note: str = "",
    expires_at: datetime | None = None,
) -> MadeInvite:
    """Make an invite; its link is returned this one time. The token stands behind a `#`.

    A browser sends what stands there to nobody, so it is in no log and in no Referer.

    Raises:
        ForbiddenError: the actor may not invite, or not to this role.
        InvalidInputError: the note or the end cannot be taken.
        ConflictError: very many invites are open.
    """
    require_right(actor, Right.INVITES)
    now = runtime.clock.now()
    note = note.strip()
    expires_at = expires_at or now + LIFE
    _check(role, note, expires_at, now=now)
    if not may_manage(actor.role, role):
        require_right(actor, Right.ADMINS)
    token = new_token(PREFIX)
    row = Invite(
        created_by=actor.user_id,
        token_hash=hash_token(token),
        role=role,
        note=note,
        created_at=now,
        expires_at=expires_at,
    )
    async with runtime.store.write() as db:
        if len(await people.list_open_invites(db, now=now)) >= OPEN_MAX:
            raise ConflictError(f"{OPEN_MAX} invites are open: revoke some first")
        db.add(row)
        record(runtime, db, Deed(action="invite.created", target=_target(row), actor=actor))
    view = _view(row, by=actor.name, actor=actor)
    return MadeInvite(view, f"{runtime.settings.public_url}/join#{token}")


async def list_invites(runtime: Runtime, actor: Actor) -> list[InviteView]:
    """Return the invites that can still be used, newest first.

    Raises:
        ForbiddenError: the actor may not.
    """
    require_right(actor, Right.INVITES)
    async with runtime.store.read() as db:
        rows = await people.list_open_invites(db, now=runtime.clock.now())
    return [_view(row, by=user.name, actor=actor) for row, user in rows]


async def revoke_invite(runtime: Runtime, actor: Actor, *, invite_id: UUID) -> None:
    """End an invite.

    Raises:
        ForbiddenError: the actor may not.
        NotFoundError: there is no such open invite.
    """
    require_right(actor, Right.INVITES)
    async with runtime.store.write() as db:
        row = await db.get(Invite, invite_id)
        if row is None or row.used_at is not None:
            raise NotFoundError("invite")
        if not may_manage(actor.role, row.role):
            require_right(actor, Right.ADMINS)
        record(runtime, db, Deed(action="invite.revoked", target=_target(row), actor=actor))
        await db.delete(row)


async def join(runtime: Runtime, draft: PersonDraft, *, token: str, client: str = "") -> Actor:
    """Make the account that an invite is for; the invite works once.

    Raises:
        ForbiddenError: the invite is none, was used, or has ended.
        InvalidInputError: the person's data cannot be taken; the invite can still be used.
        TooManyRequestsError: too many invites were tried.
    """
    tried = f"join {brake_key(client)}"
    runtime.tries.add(tried)
    draft = checked(draft)
    if not is_storable(token):
        raise ForbiddenError(REFUSED)
    token_hash = hash_token(token.strip())
    async with runtime.store.read() as db:
        found = await people.find_open_invite(db, token_hash=token_hash, now=runtime.clock.now())
        if found is None:
            raise ForbiddenError(REFUSED)
        if await users.find_user_by_email(db, draft.email) is not None:
            raise InvalidInputError([Problem("/email", "somebody here has this address already")])
    password_hash = await hash_password(draft.password)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        row = await people.find_open_invite(db, token_hash=token_hash, now=now)
        if row is None:  # another request was faster
            raise ForbiddenError(REFUSED)
        user = await add_user(db, draft, password_hash=password_hash, role=row.role, now=now)
        row.used_at, row.used_by = now, user.id
        actor = actor_from(user, client=client)
        used = {"invite": str(row.id), "invited_by": str(row.created_by), "role": row.role}
        record(
            runtime,
            db,
            Deed(action="invite.used", target=target_of(user), actor=actor, facts=used),
        )
    runtime.tries.forget(tried)
    return actor


def _check(role: str, note: str, expires_at: datetime, *, now: datetime) -> None:
    problems: list[Problem] = []
    if role not in ROLES:
        problems.append(Problem("/role", f"people are invited as {' or '.join(ROLES)}"))
    if len(note) > NOTE_MAX or (note and not note.isprintable()):
        problems.append(Problem("/note", f"a note has at most {NOTE_MAX} printable characters"))
    if expires_at.tzinfo is None:
        problems.append(Problem("/expiresAt", "a time needs its zone, for example a Z at its end"))
    elif not now < expires_at <= now + LIFE_MAX:
        problems.append(Problem("/expiresAt", f"an invite lasts at most {LIFE_MAX.days} days"))
    if problems:
        raise InvalidInputError(problems)


def _target(row: Invite) -> Target:
    return Target(kind="invite", id=row.id, name=row.note or f"a link for one {row.role}")


def _view(row: Invite, *, by: str, actor: Actor) -> InviteView:
    return InviteView(
        id=row.id,
        role=row.role,
        note=row.note,
        created_by=by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        can_revoke=may_manage(actor.role, row.role),
    )
