"""API tokens: what programs carry in a person's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Problem,
)
from openviber_app.domain.roles import scopes_of
from openviber_app.domain.scopes import USUAL_SCOPES, Scope, in_order, known_scopes
from openviber_app.services import access
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import users
from openviber_app.store.people_tables import ApiToken
from openviber_app.vault.tokens import hash_token, new_token

NAME_MAX = 100
TOKENS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """A token as it may be shown: never its value."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


async def create_token(
    runtime: Runtime,
    actor: Actor,
    *,
    name: str,
    scopes: Iterable[Scope] | None = None,
    expires_at: datetime | None = None,
) -> tuple[TokenView, str]:
    """Make a token; its value is returned this one time.

    Without `scopes` it gets the usual ones that the actor has. A token makes no token that may do
    more, or lasts longer, than itself.

    Raises:
        InvalidInputError: no name, no scope, or an end that has passed.
        ForbiddenError: a scope that the actor cannot give.
        ConflictError: the person has very many.
    """
    now = runtime.clock.now()
    name = name.strip()
    given = frozenset(USUAL_SCOPES & actor.scopes if scopes is None else scopes)
    problems: list[Problem] = []
    if not name or len(name) > NAME_MAX or not name.isprintable():
        problems.append(Problem("/name", f"a name has 1 to {NAME_MAX} printable characters"))
    if not given:
        problems.append(Problem("/scopes", "a token without a scope can do nothing: choose one"))
    problems += _end_problems(expires_at, until=actor.until, now=now)
    if problems:
        raise InvalidInputError(problems)
    _require_giveable(actor, given)
    value = new_token()
    row = ApiToken(
        user_id=actor.user_id,
        name=name,
        token_hash=hash_token(value),
        scopes=[scope.value for scope in in_order(given)],
        created_at=now,
        expires_at=expires_at,
    )
    async with runtime.store.write() as db:
        if len(await users.list_tokens(db, user_id=actor.user_id)) >= TOKENS_MAX:
            raise ConflictError(f"you have {TOKENS_MAX} tokens: revoke one first")
        db.add(row)
        await db.flush()
        facts = {
            "scopes": row.scopes,
            "expires_at": expires_at.isoformat() if expires_at else None,
        }
        record(
            runtime,
            db,
            Deed(action="token.created", target=_target(row), actor=actor, facts=facts),
        )
    return _view(row), value


async def list_tokens(runtime: Runtime, actor: Actor) -> list[TokenView]:
    """Return a person's tokens, newest first."""
    async with runtime.store.read() as db:
        return [_view(row) for row in await users.list_tokens(db, user_id=actor.user_id)]


async def revoke_token(runtime: Runtime, actor: Actor, *, token_id: UUID) -> None:
    """End a token.

    Raises:
        NotFoundError: the person has no such token.
    """
    async with runtime.store.write() as db:
        row = await users.find_own_token(db, user_id=actor.user_id, token_id=token_id)
        if row is None:
            raise NotFoundError("token")
        record(runtime, db, Deed(action="token.revoked", target=_target(row), actor=actor))
        await db.delete(row)
    access.ask_again(runtime, actor.user_id)


def _end_problems(
    expires_at: datetime | None, *, until: datetime | None, now: datetime
) -> list[Problem]:
    message = ""
    if expires_at is not None and expires_at.tzinfo is None:
        message = "a time needs its zone, for example a Z at its end"
    elif expires_at is not None and expires_at <= now:
        message = "this time has passed"
    elif until is not None and (expires_at is None or expires_at > until):
        message = f"a token makes none that lasts longer than itself, here {until.isoformat()}"
    return [Problem("/expiresAt", message)] if message else []


def _require_giveable(actor: Actor, scopes: frozenset[Scope]) -> None:
    if beyond := in_order(scopes - scopes_of(actor.role)):
        raise ForbiddenError(
            f"only owners and admins give the scope {', '.join(beyond)}", pointer="/scopes"
        )
    if beyond := in_order(scopes - actor.scopes):
        raise ForbiddenError(
            f"this token has no scope {', '.join(beyond)} itself, so it cannot give it",
            pointer="/scopes",
        )


def _target(row: ApiToken) -> Target:
    return Target(kind="token", id=row.id, name=row.name)


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        scopes=tuple(in_order(known_scopes(row.scopes))),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
