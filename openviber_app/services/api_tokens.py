"""API tokens: what programs carry in a person's name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError, Problem
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
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


async def create_token(
    runtime: Runtime, actor: Actor, *, name: str, expires_at: datetime | None = None
) -> tuple[TokenView, str]:
    """Make a token; its value is returned this one time.

    Raises:
        InvalidInputError: no name, or an end that has passed.
        ConflictError: the person has very many.
    """
    now = runtime.clock.now()
    name = name.strip()
    problems: list[Problem] = []
    if not name or len(name) > NAME_MAX or not name.isprintable():
        problems.append(Problem("/name", f"a name has 1 to {NAME_MAX} printable characters"))
    if expires_at is not None and expires_at.tzinfo is None:
        problems.append(Problem("/expiresAt", "a time needs its zone, for example a Z at its end"))
    elif expires_at is not None and expires_at <= now:
        problems.append(Problem("/expiresAt", "this time has passed"))
    if problems:
        raise InvalidInputError(problems)
    value = new_token()
    row = ApiToken(
        user_id=actor.user_id,
        name=name,
        token_hash=hash_token(value),
        created_at=now,
        expires_at=expires_at,
    )
    async with runtime.store.write() as db:
        if len(await users.list_tokens(db, user_id=actor.user_id)) >= TOKENS_MAX:
            raise ConflictError(f"you have {TOKENS_MAX} tokens: revoke one first")
        db.add(row)
        await db.flush()
        made = Target(kind="token", id=row.id, name=name)
        record(runtime, db, Deed(action="token.made", target=made, actor=actor))
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
        gone = Target(kind="token", id=row.id, name=row.name)
        record(runtime, db, Deed(action="token.revoked", target=gone, actor=actor))
        await db.delete(row)


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
