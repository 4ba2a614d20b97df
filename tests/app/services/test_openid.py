from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import InvalidInputError, NotFoundError
from openviber_app.domain.openid import OpenIdRefusedError, Refusal, Signup
from openviber_app.domain.secret import Secret
from openviber_app.services import identities, openid
from openviber_app.services.openid import Answer, Arrival, Trip
from openviber_app.services.passwords import hash_password
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import Identity, Invite, User
from openviber_app.store.trust_tables import AuditEvent
from openviber_app.vault.tokens import hash_token
from tests.support import board
from tests.support.board import People, with_provider
from tests.support.oidc_provider import RealProvider, real_provider

ADA = "ada@example.org"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvider]:
    with real_provider(tmp_path_factory.mktemp("acme")) as provider:
        yield provider


@pytest.fixture
async def runtime(tmp_path: Path, acme: RealProvider) -> AsyncIterator[Runtime]:
    acme.set_person("ada", email=ADA, email_verified=True, name="Ada Lovelace")
    async with board.runtime(tmp_path) as built:
        yield with_provider(built, acme.url)


def changed(runtime: Runtime, **settings: Any) -> Runtime:
    assert runtime.settings.openid is not None
    found = replace(runtime.settings.openid, **settings)
    return with_provider(runtime, found.issuer, signup=found.signup, domains=found.domains)


async def person(runtime: Runtime, *, email: str = ADA, password_hash: str = "") -> User:
    user = User(
        name="Ada", email=email, password_hash=password_hash, created_at=runtime.clock.now()
    )
    async with runtime.store.write() as db:
        db.add(user)
    return user


async def back(
    runtime: Runtime,
    acme: RealProvider,
    trip: Trip,
    *,
    sub: str = "ada",
    visitor: Actor | None = None,
    changes: dict[str, str] | None = None,
    client: str = "c",
) -> Arrival:
    brought = acme.signed_in(trip.url, sub=sub)
    told = {"cookie": trip.cookie, "state": brought["state"], "code": brought["code"]}
    told |= changes or {}
    answer = Answer(
        state=told["state"], code=told["code"], error=told.get("error", ""), issuer=told.get("iss")
    )
    return await openid.arrive(
        runtime, answer, cookie=told["cookie"], visitor=visitor, client=client
    )


async def sign_in(runtime: Runtime, acme: RealProvider, *, sub: str = "ada") -> Arrival:
    return await back(runtime, acme, await openid.begin_sign_in(runtime), sub=sub)


async def refusal_of(runtime: Runtime, acme: RealProvider, *, sub: str = "ada") -> Refusal:
    before = await rows(runtime)
    with pytest.raises(OpenIdRefusedError) as caught:
        await sign_in(runtime, acme, sub=sub)
    assert await rows(runtime) == before
    return caught.value.refusal


async def rows(runtime: Runtime) -> tuple[int, int]:
    """Count accounts and identities."""
    async with runtime.store.read() as db:
        found = [(await db.execute(select(one))).all() for one in (User, Identity)]
    return (len(found[0]), len(found[1]))


async def deeds(runtime: Runtime) -> list[str]:
    async with runtime.store.read() as db:
        events = (await db.execute(select(AuditEvent).order_by(col(AuditEvent.id)))).scalars().all()
    return [event.action for event in events]


async def test_an_account_that_nothing_opens_is_opened_by_its_address_and_then_by_the_identity(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    user = await person(runtime)
    trip = await openid.begin_sign_in(runtime, next_path="/nodes")
    arrival = await back(runtime, acme, trip)
    assert (arrival.actor.user_id, arrival.next, arrival.is_connected) == (user.id, "/nodes", False)
    # the address changes there and here: the identity is what counts from now on
    acme.set_person("ada", email="new@example.org", email_verified=False)
    assert (await sign_in(runtime, acme)).actor.user_id == user.id
    assert await deeds(runtime) == ["identity.linked", "session.opened", "session.opened"]


async def test_a_trip_is_over_after_its_first_use(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    await person(runtime)
    trip = await openid.begin_sign_in(runtime)
    brought = acme.signed_in(trip.url, sub="ada")
    answer = Answer(state=brought["state"], code=brought["code"])
    await openid.arrive(runtime, answer, cookie=trip.cookie, visitor=None)
    before = await rows(runtime)
    with pytest.raises(OpenIdRefusedError) as caught:
        await openid.arrive(runtime, answer, cookie=trip.cookie, visitor=None)
    assert caught.value.refusal is Refusal.LATE
    assert await rows(runtime) == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": "forged"}, Refusal.LATE),
        ({"state": ""}, Refusal.LATE),
        ({"cookie": ""}, Refusal.LATE),
        ({"cookie": "another browser's"}, Refusal.LATE),
        ({"code": "forged"}, Refusal.PROOF),
        ({"code": ""}, Refusal.DECLINED),
        ({"error": "access_denied"}, Refusal.DECLINED),
        ({"iss": "https://evil.example"}, Refusal.PROOF),
    ],
    ids=str,
)
async def test_a_forged_return_opens_nothing(
    runtime: Runtime,
    acme: RealProvider,
    people: People,
    *,
    changes: dict[str, str],
    refusal: Refusal,
) -> None:
    await person(runtime)
    trip = await openid.begin_sign_in(runtime)
    before = await rows(runtime)
    with pytest.raises(OpenIdRefusedError) as caught:
        await back(runtime, acme, trip, changes=changes)
    assert caught.value.refusal is refusal
    assert await rows(runtime) == before


async def test_a_return_after_ten_minutes_is_late(
    tmp_path: Path, acme: RealProvider, runtime: Runtime
) -> None:
    clock = board.StillClock()
    async with board.runtime(tmp_path / "other", clock=clock) as built:
        still = with_provider(built, acme.url)
        await person(still)
        trip = await openid.begin_sign_in(still)
        clock.move(timedelta(minutes=10))
        with pytest.raises(OpenIdRefusedError) as caught:
            await back(still, acme, trip)
    assert caught.value.refusal is Refusal.LATE


async def test_somebody_unknown_is_told_to_get_an_invite(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    assert await refusal_of(runtime, acme) is Refusal.UNKNOWN
    assert await deeds(runtime) == ["session.refused"]


async def test_an_address_that_is_not_verified_opens_nothing(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    await person(runtime)
    for claims in ({"email_verified": False}, {}, {"email_verified": "no"}):
        acme.set_person("ada", email=ADA, **claims)
        assert await refusal_of(runtime, acme) is Refusal.UNVERIFIED
    open_board = changed(runtime, signup=Signup.ANYONE)
    assert await refusal_of(open_board, acme) is Refusal.UNVERIFIED


async def test_an_account_with_a_password_is_not_taken_over_by_its_address(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    await person(runtime, password_hash="!")
    assert await refusal_of(runtime, acme) is Refusal.PASSWORD
    assert await refusal_of(changed(runtime, signup=Signup.ANYONE), acme) is Refusal.PASSWORD


async def test_an_account_of_another_provider_is_not_taken_over_by_its_address(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    user = await person(runtime)
    async with runtime.store.write() as db:
        db.add(
            Identity(
                user_id=user.id,
                issuer="https://old.example",
                subject="ada",
                created_at=runtime.clock.now(),
            )
        )
    assert await refusal_of(runtime, acme) is Refusal.ELSEWHERE


async def test_an_open_board_makes_members(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    arrival = await sign_in(changed(runtime, signup=Signup.ANYONE), acme)
    assert (arrival.actor.name, arrival.actor.email, arrival.actor.role) == (
        "Ada Lovelace",
        ADA,
        "member",
    )
    assert await deeds(runtime) == ["user.created", "identity.linked", "session.opened"]
    assert (await sign_in(runtime, acme)).actor == arrival.actor


async def test_only_addresses_of_the_owners_domains_come_in_each_time(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    await person(runtime)
    await sign_in(runtime, acme)
    narrow = changed(runtime, domains=("example.com",))
    assert await refusal_of(narrow, acme) is Refusal.DOMAIN
    wide = changed(runtime, domains=("example.com", "example.org"))
    assert (await sign_in(wide, acme)).actor.email == ADA


async def invite(runtime: Runtime, people: People, token: str, **changes: Any) -> None:
    now = runtime.clock.now()
    row = {"role": "admin", "expires_at": now + timedelta(days=1)} | changes
    async with runtime.store.write() as db:
        db.add(
            Invite(
                created_by=people.alice.actor.user_id,
                token_hash=hash_token(token),
                created_at=now,
                **row,
            )
        )


async def test_an_invite_makes_an_account_once(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    await invite(runtime, people, "ov_invite_1")
    trip = await openid.begin_sign_in(runtime, invite="ov_invite_1")
    assert "ov_invite_1" not in trip.url
    assert (await back(runtime, acme, trip)).actor.role == "admin"
    acme.set_person("eve", email="eve@example.org", email_verified=True)
    again = await openid.begin_sign_in(runtime, invite="ov_invite_1")
    with pytest.raises(OpenIdRefusedError) as caught:
        await back(runtime, acme, again, sub="eve")
    assert caught.value.refusal is Refusal.INVITE


@pytest.mark.parametrize("token", ["ov_invite_old", "ov_invite_none"])
async def test_an_invite_that_is_none_or_has_ended_lets_nobody_in(
    runtime: Runtime, acme: RealProvider, people: People, token: str
) -> None:
    await invite(runtime, people, "ov_invite_old", expires_at=runtime.clock.now())
    trip = await openid.begin_sign_in(runtime, invite=token)
    with pytest.raises(OpenIdRefusedError) as caught:
        await back(runtime, acme, trip)
    assert caught.value.refusal is Refusal.INVITE


async def test_who_knows_the_password_connects_and_then_comes_in_without_it(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    user = await person(runtime, password_hash=await hash_password(Secret("correct horse")))
    actor = Actor(user.id, user.name, user.email, user.role)
    for wrong in (None, Secret(""), Secret("wrong horse")):
        with pytest.raises(InvalidInputError):
            await openid.begin_connecting(runtime, actor, password=wrong)
    trip = await openid.begin_connecting(runtime, actor, password=Secret("correct horse"))
    arrival = await back(runtime, acme, trip, visitor=actor)
    assert arrival.is_connected
    assert await deeds(runtime) == ["identity.linked"]
    assert (await sign_in(runtime, acme)).actor.user_id == user.id


async def test_a_trip_to_connect_is_worth_nothing_in_anybody_elses_browser(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    user = await person(runtime)
    actor = Actor(user.id, user.name, user.email, user.role)
    for visitor in (None, people.bob.actor):
        trip = await openid.begin_connecting(runtime, actor, password=None)
        with pytest.raises(OpenIdRefusedError) as caught:
            await back(runtime, acme, trip, visitor=visitor)
        assert caught.value.refusal is Refusal.SESSION
    assert await identities.list_ways_in(runtime, actor) == identities.WaysIn(
        identities=[], has_password=False, provider="Acme"
    )


async def test_an_identity_of_somebody_else_is_not_connected_twice(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    await person(runtime)
    await sign_in(runtime, acme)
    other = await person(runtime, email="grace@example.org")
    actor = Actor(other.id, other.name, other.email, other.role)
    trip = await openid.begin_connecting(runtime, actor, password=None)
    with pytest.raises(OpenIdRefusedError) as caught:
        await back(runtime, acme, trip, visitor=actor)
    assert caught.value.refusal is Refusal.TAKEN
    ways = await identities.list_ways_in(runtime, actor)
    assert ways.identities == []


async def test_a_board_without_an_owner_is_set_up_first(runtime: Runtime) -> None:
    with pytest.raises(OpenIdRefusedError) as caught:
        await openid.begin_sign_in(runtime)
    assert caught.value.refusal is Refusal.SETUP


async def test_ten_failures_are_followed_by_a_rest(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    found = [await refusal_of(runtime, acme) for _ in range(11)]
    assert found == [Refusal.UNKNOWN] * 10 + [Refusal.BUSY]


async def test_nobody_begins_so_often_that_others_trips_are_pushed_out(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    waiting = await openid.begin_sign_in(runtime, client="203.0.113.7")
    for n in range(openid.STARTS):
        await openid.begin_sign_in(runtime, client=f"2001:db8::{n:x}")
    with pytest.raises(OpenIdRefusedError) as caught:
        await openid.begin_sign_in(runtime, client="2001:db8::ffff")
    assert caught.value.refusal is Refusal.BUSY
    with pytest.raises(OpenIdRefusedError) as caught:
        await back(runtime, acme, waiting)
    assert caught.value.refusal is Refusal.UNKNOWN  # nobody's account, but the trip was there


async def test_a_whole_network_of_ipv6_has_ten_tries(
    runtime: Runtime, acme: RealProvider, people: People
) -> None:
    refusals: list[Refusal] = []
    for n in range(11):
        trip = await openid.begin_sign_in(runtime)
        with pytest.raises(OpenIdRefusedError) as caught:
            await back(runtime, acme, trip, client=f"2001:db8::{n:x}")
        refusals.append(caught.value.refusal)
    assert refusals == [Refusal.UNKNOWN] * 10 + [Refusal.BUSY]


async def test_without_a_provider_there_is_nothing_to_begin(tmp_path: Path, people: People) -> None:
    async with board.runtime(tmp_path / "plain") as plain:
        with pytest.raises(NotFoundError):
            await openid.begin_sign_in(plain)
        assert openid.provider_name(plain) == ""
