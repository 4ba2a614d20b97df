"""A person's own sessions: where they are signed in, and ending that."""

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from openviber_app.domain.actors import Actor
from openviber_app.domain.devices import device_words
from openviber_app.domain.errors import NotFoundError
from openviber_app.services import access
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import users
from openviber_app.vault.tokens import hash_token


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A signed-in browser as its person may see it."""

    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def _id_of(token_hash: str) -> UUID:
    """Return a session's name for addresses: not even the stored hash leaves the board."""
    return uuid5(NAMESPACE_OID, f"session {token_hash}")


async def list_sessions(runtime: Runtime, actor: Actor, *, cookie: str) -> list[SessionView]:
    """Return where a person is signed in, last used first; `cookie` tells which one asks."""
    async with runtime.store.read() as db:
        rows = await users.list_sessions(db, user_id=actor.user_id, now=runtime.clock.now())
    own = hash_token(cookie)
    return [
        SessionView(
            id=_id_of(row.token_hash),
            device=device_words(row.user_agent),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.token_hash == own,
        )
        for row in rows
    ]


async def revoke_session(runtime: Runtime, actor: Actor, *, session_id: UUID) -> None:
    """Sign a browser out.

    Raises:
        NotFoundError: the person has no such session.
    """
    async with runtime.store.write() as db:
        rows = await users.list_sessions(db, user_id=actor.user_id, now=runtime.clock.now())
        found = next((row for row in rows if _id_of(row.token_hash) == session_id), None)
        if found is None:
            raise NotFoundError("session")
        await users.delete_session(db, found.token_hash)
        target = Target(kind="session", id=session_id, name=device_words(found.user_agent))
        record(runtime, db, Deed(action="session.revoked", target=target, actor=actor))
    access.ask_again(runtime, actor.user_id)


async def revoke_others(runtime: Runtime, actor: Actor, *, cookie: str) -> None:
    """Sign out every browser but the one that asks."""
    async with runtime.store.write() as db:
        await users.delete_other_sessions(db, user_id=actor.user_id, kept_hash=hash_token(cookie))
        target = Target(kind="session", name="every other one")
        record(runtime, db, Deed(action="session.revoked", target=target, actor=actor))
    access.ask_again(runtime, actor.user_id)
