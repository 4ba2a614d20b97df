"""Signing in by OpenID Connect: the trip to the provider and back, whose account it opens."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError, TooManyRequestsError
from openviber_app.domain.ip_addresses import brake_key
from openviber_app.domain.openid import (
    AccountFacts,
    Entry,
    OpenIdRefusedError,
    OpenIdSettings,
    Proof,
    Refusal,
    entry_of,
    local_path,
    name_for,
    require_domain,
)
from openviber_app.domain.secret import Secret
from openviber_app.services.accounts import MEMBER, actor_from
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.openid_flows import Flow
from openviber_app.services.openid_provider import OpenIdProvider
from openviber_app.services.profile import require_password
from openviber_app.services.runtime import Runtime
from openviber_app.store import identities, users
from openviber_app.store.people_tables import Identity, Invite, User
from openviber_app.vault.tokens import hash_token

STARTS = 300
"""Trips that one client begins in five minutes; far fewer than there is room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Where the browser goes now, and what it carries until it is back."""

    url: str
    cookie: str

    def __repr__(self) -> str:
        return "Trip(to the provider)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the provider's page sent a browser back with."""

    state: str
    code: str
    error: str = ""
    issuer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who came back, and to which page of the board they go on."""

    actor: Actor
    next: str
    is_connected: bool
    """They were signed in all the time, and connected an identity."""


def provider_name(runtime: Runtime) -> str:
    """Return what the button says, or an empty text when there is no provider."""
    return runtime.settings.openid.name if runtime.settings.openid else ""


async def begin_sign_in(
    runtime: Runtime, *, next_path: str = "/", invite: str = "", client: str = ""
) -> Trip:
    """Send somebody to the provider; an invite lets them make an account on the way.

    Raises:
        NotFoundError: this board has no provider.
        OpenIdRefusedError: the provider does not answer, the board has no owner, or this client
            began too often.
    """
    settings, provider = _configured(runtime)
    try:
        runtime.tries.add(f"openid start {brake_key(client)}", limit=STARTS)
    except TooManyRequestsError as error:
        raise OpenIdRefusedError(Refusal.BUSY, name=settings.name) from error
    async with runtime.store.read() as db:
        if not await users.has_user(db):
            raise OpenIdRefusedError(Refusal.SETUP, name=settings.name)
    flow = Flow(next=local_path(next_path), invite_hash=hash_token(invite) if invite else "")
    return await _trip(runtime, provider, flow)


async def begin_connecting(runtime: Runtime, actor: Actor, *, password: Secret | None) -> Trip:
    """Send somebody who is signed in to the provider, to connect their account there.

    It opens the account from then on, so who has a password types it once more.

    Raises:
        NotFoundError: this board has no provider.
        InvalidInputError: this is not their password.
        OpenIdRefusedError: the provider does not answer.
    """
    _, provider = _configured(runtime)
    async with runtime.store.read() as db:
        user = await users.find_user(db, actor.user_id)
    if user is not None and user.password_hash:
        await require_password(runtime, actor, password)
    flow = Flow(next="/settings?section=profile", user_id=actor.user_id)
    return await _trip(runtime, provider, flow)


async def _trip(runtime: Runtime, provider: OpenIdProvider, flow: Flow) -> Trip:
    url = await provider.authorization_url(
        state=flow.state, nonce=flow.nonce, verifier=flow.verifier
    )
    runtime.openid_flows.add(flow)
    return Trip(url=url, cookie=flow.cookie)


async def arrive(
    runtime: Runtime, answer: Answer, *, cookie: str, visitor: Actor | None, client: str = ""
) -> Arrival:
    """Take somebody back from the provider; `visitor` is who their session says they are.

    Raises:
        NotFoundError: this board has no provider.
        OpenIdRefusedError: they are not let in.
    """
    settings, provider = _configured(runtime)
    tried = f"openid {brake_key(client)}"
    try:
        runtime.tries.add(tried)
    except TooManyRequestsError as error:
        raise OpenIdRefusedError(Refusal.BUSY, name=settings.name) from error
    flow = runtime.openid_flows.take(cookie=cookie, state=answer.state)
    if flow is None:
        raise OpenIdRefusedError(Refusal.LATE, name=settings.name)
    if answer.issuer is not None:
        provider.require_issuer(answer.issuer)
    if answer.error or not answer.code:
        reason = f"the provider said {answer.error[:100]!r}"
        raise OpenIdRefusedError(Refusal.DECLINED, reason, name=settings.name)
    if flow.user_id is not None and (visitor is None or visitor.user_id != flow.user_id):
        raise OpenIdRefusedError(Refusal.SESSION, name=settings.name)
    proof = await provider.prove(code=answer.code, nonce=flow.nonce, verifier=flow.verifier)
    arriving = _Arriving(runtime, settings, proof, flow, client)
    try:
        require_domain(proof, settings.domains, name=settings.name)
        async with runtime.store.write() as db:
            actor = await arriving.actor(db)
    except OpenIdRefusedError as error:
        await arriving.record_refusal(error.refusal)
        raise
    runtime.tries.forget(tried)
    return Arrival(actor=actor, next=flow.next, is_connected=flow.user_id is not None)


@dataclass(frozen=True, slots=True)
class _Arriving:
    """A proof on its way to an account, within one transaction."""

    runtime: Runtime
    settings: OpenIdSettings
    proof: Proof
    flow: Flow
    client: str

    async def actor(self, db: AsyncSession) -> Actor:
        proof = self.proof
        found = await identities.find_identity(db, issuer=proof.issuer, subject=proof.subject)
        if self.flow.user_id is not None:
            return await self._connected(db, found)
        if found is not None:
            identity, user = found
            identity.last_used_at = self.runtime.clock.now()
            self._record(db, "session.opened", user)
            return actor_from(user, client=self.client)
        return await self._newcomer(db)

    async def record_refusal(self, refusal: Refusal) -> None:
        """Write down that somebody whom the provider knows was not let in."""
        facts = {"issuer": self.proof.issuer, "subject": self.proof.subject, "why": refusal.value}
        target = Target(kind="session", name=self.proof.email)
        deed = Deed(action="session.refused", target=target, client=self.client, facts=facts)
        async with self.runtime.store.write() as db:
            record(self.runtime, db, deed)

    async def _connected(self, db: AsyncSession, found: tuple[Identity, User] | None) -> Actor:
        if found is not None and found[1].id != self.flow.user_id:
            raise OpenIdRefusedError(Refusal.TAKEN, name=self.settings.name)
        user = found[1] if found else await db.get(User, self.flow.user_id)
        if user is None:
            raise OpenIdRefusedError(Refusal.SESSION, name=self.settings.name)
        if found is None:
            self._link(db, user)
        return actor_from(user, client=self.client)

    async def _newcomer(self, db: AsyncSession) -> Actor:
        user = await users.find_user_by_email(db, self.proof.email)
        facts = None
        if user is not None:
            linked = await identities.list_identities(db, user_id=user.id)
            facts = AccountFacts(has_password=bool(user.password_hash), has_identity=bool(linked))
        invite = await self._invite(db)
        entry = entry_of(self.proof, self.settings, account=facts, is_invited=invite is not None)
        if entry is Entry.CREATE or user is None:
            user = await self._account(db, invite)
        self._link(db, user)
        self._record(db, "session.opened", user)
        return actor_from(user, client=self.client)

    async def _invite(self, db: AsyncSession) -> Invite | None:
        if not self.flow.invite_hash:
            return None
        invite = await identities.find_invite(db, self.flow.invite_hash)
        now = self.runtime.clock.now()
        if invite is None or invite.used_at is not None or invite.expires_at <= now:
            raise OpenIdRefusedError(Refusal.INVITE, name=self.settings.name)
        return invite

    async def _account(self, db: AsyncSession, invite: Invite | None) -> User:
        now = self.runtime.clock.now()
        role = invite.role if invite else MEMBER
        user = User(name=name_for(self.proof), email=self.proof.email, role=role, created_at=now)
        db.add(user)
        await db.flush()  # what follows refers to it
        if invite is not None:
            invite.used_at, invite.used_by = now, user.id
        self._record(db, "user.created", user, role=role)
        return user

    def _link(self, db: AsyncSession, user: User) -> None:
        now = self.runtime.clock.now()
        db.add(
            Identity(
                user_id=user.id,
                issuer=self.proof.issuer,
                subject=self.proof.subject,
                created_at=now,
                last_used_at=now,
            )
        )
        self._record(db, "identity.linked", user)

    def _record(self, db: AsyncSession, action: str, user: User, **facts: str) -> None:
        told = {"issuer": self.proof.issuer, "subject": self.proof.subject, **facts}
        target = Target(kind="user", id=user.id, name=user.name)
        record(
            self.runtime,
            db,
            Deed(
                action=action,
                target=target,
                actor=actor_from(user),
                client=self.client,
                facts=told,
            ),
        )


def _configured(runtime: Runtime) -> tuple[OpenIdSettings, OpenIdProvider]:
    if runtime.settings.openid is None or runtime.openid_provider is None:
        raise NotFoundError("OpenID provider")
    return runtime.settings.openid, runtime.openid_provider
