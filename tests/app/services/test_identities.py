from uuid import UUID

import pytest
from sqlmodel import select

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.services import identities
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import Identity, User
from openviber_app.store.trust_tables import AuditEvent
from tests.support.board import People, with_provider

ACME = "https://id.example.org"


async def person(runtime: Runtime, *, password_hash: str, issuers: tuple[str, ...]) -> Actor:
    now = runtime.clock.now()
    user = User(name="Ada", email="ada@x.test", password_hash=password_hash, created_at=now)
    async with runtime.store.write() as db:
        db.add(user)
        await db.flush()
        for issuer in issuers:
            db.add(Identity(user_id=user.id, issuer=issuer, subject="ada", created_at=now))
    return Actor(user.id, user.name, user.email, user.role)


async def ids(runtime: Runtime, actor: Actor) -> list[UUID]:
    return [view.id for view in (await identities.list_ways_in(runtime, actor)).identities]


async def test_each_is_named_by_the_owner_or_by_its_host(runtime: Runtime, people: People) -> None:
    runtime = with_provider(runtime, ACME)
    actor = await person(runtime, password_hash="!", issuers=(ACME, "https://old.example/x"))
    ways = await identities.list_ways_in(runtime, actor)
    assert [(v.provider, v.is_usable) for v in ways.identities] == [
        ("Acme", True),
        ("old.example", False),
    ]
    assert (ways.has_password, ways.provider) == (True, "Acme")


async def test_who_has_a_password_disconnects_and_it_is_written_down(
    runtime: Runtime, people: People
) -> None:
    runtime = with_provider(runtime, ACME)
    actor = await person(runtime, password_hash="!", issuers=(ACME,))
    (one,) = await ids(runtime, actor)
    await identities.unlink(runtime, actor, identity_id=one, client="c")
    assert await ids(runtime, actor) == []
    async with runtime.store.read() as db:
        (event,) = (await db.execute(select(AuditEvent))).scalars().all()
    assert (event.action, event.facts) == ("identity.unlinked", {"issuer": ACME, "subject": "ada"})


async def test_the_only_way_in_stays(runtime: Runtime, people: People) -> None:
    runtime = with_provider(runtime, ACME)
    actor = await person(runtime, password_hash="", issuers=(ACME, "https://old.example"))
    usable, old = await ids(runtime, actor)
    with pytest.raises(ConflictError, match="nothing else signs you in"):
        await identities.unlink(runtime, actor, identity_id=usable)
    await identities.unlink(runtime, actor, identity_id=old)
    assert await ids(runtime, actor) == [usable]


async def test_a_foreign_one_is_as_good_as_missing(runtime: Runtime, people: People) -> None:
    actor = await person(runtime, password_hash="!", issuers=(ACME,))
    (one,) = await ids(runtime, actor)
    for identity_id in (one, new_id()):
        with pytest.raises(NotFoundError):
            await identities.unlink(runtime, people.bob.actor, identity_id=identity_id)
    assert await ids(runtime, actor) == [one]
