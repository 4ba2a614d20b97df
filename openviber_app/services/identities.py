"""A person's own identities: the accounts elsewhere that open theirs here."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import identities, users


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityView:
    """An identity as its person may see it."""

    id: UUID
    provider: str
    """The name that the owner gave the provider, or its host when it is another one by now."""
    subject: str
    created_at: datetime
    last_used_at: datetime | None
    is_usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """How a person can sign in."""

    identities: list[IdentityView]
    has_password: bool
    provider: str
    """What they could connect; empty: this board has no provider."""


async def list_ways_in(runtime: Runtime, actor: Actor) -> WaysIn:
    """Return how a person can sign in."""
    async with runtime.store.read() as db:
        user = await users.find_user(db, actor.user_id)
        rows = await identities.list_identities(db, user_id=actor.user_id)
    settings = runtime.settings.openid
    name, issuer = (settings.name, settings.issuer) if settings else ("", "")
    views = [
        IdentityView(
            id=row.id,
            provider=name if is_ours else urlsplit(row.issuer).netloc,
            subject=row.subject,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            is_usable=is_ours,
        )
        for row in rows
        for is_ours in [bool(issuer) and row.issuer.rstrip("/") == issuer.rstrip("/")]
    ]
    return WaysIn(identities=views, has_password=bool(user and user.password_hash), provider=name)


async def unlink(runtime: Runtime, actor: Actor, *, identity_id: UUID, client: str = "") -> None:
    """Disconnect an identity.

    Raises:
        NotFoundError: the person has no such identity.
        ConflictError: nothing else would let them in.
    """
    ways = await list_ways_in(runtime, actor)
    async with runtime.store.write() as db:
        rows = await identities.list_identities(db, user_id=actor.user_id)
        found = next((row for row in rows if row.id == identity_id), None)
        if found is None:
            raise NotFoundError("identity")
        usable = {view.id for view in ways.identities if view.is_usable}
        others = [row for row in rows if row.id != identity_id and row.id in usable]
        user = await users.find_user(db, actor.user_id)
        if user is None or not (user.password_hash or others):
            raise ConflictError(
                "nothing else signs you in: ask the owner of this board to reset your password, "
                "set a new one, then disconnect this"
            )
        await db.delete(found)
        record(
            runtime,
            db,
            Deed(
                action="identity.unlinked",
                target=Target(kind="user", id=actor.user_id, name=actor.name),
                actor=actor,
                client=client,
                facts={"issuer": found.issuer, "subject": found.subject},
            ),
        )
