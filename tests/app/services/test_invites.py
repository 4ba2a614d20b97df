import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    OpenViberError,
    TooManyRequestsError,
)
from openviber_app.domain.people import PersonDraft
from openviber_app.domain.secret import Secret
from openviber_app.services import accounts, invites
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import Invite
from openviber_app.vault.tokens import hash_token
from tests.support import board
from tests.support.audited import deeds
from tests.support.board import People, StillClock, add_person

GRACE = PersonDraft(name="Grace", email="grace@example.test", password=Secret("correct horse"))


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def runtime(tmp_path: Path, clock: StillClock) -> AsyncIterator[Runtime]:
    async with board.runtime(tmp_path, clock=clock) as built:
        yield built


def token_of(made: invites.MadeInvite) -> str:
    return made.link.partition("#")[2]


async def test_an_invite_makes_one_account_of_its_role(runtime: Runtime, people: People) -> None:
    made = await invites.create_invite(runtime, people.alice.actor, role="admin", note=" Grace ")
    assert token_of(made) not in repr(made)
    assert made.invite.note == "Grace"
    grace = await invites.join(runtime, GRACE, token=token_of(made), client="192.0.2.1")
    assert (grace.name, grace.role) == ("Grace", "admin")
    signed_in = await accounts.sign_in(runtime, email=GRACE.email, password=GRACE.password)
    assert signed_in == grace
    other = replace(GRACE, email="other@example.test")
    with pytest.raises(ForbiddenError, match="was used"):
        await invites.join(runtime, other, token=token_of(made))
    assert await invites.list_invites(runtime, people.alice.actor) == []
    (used,) = await deeds(runtime, "invite.used")
    assert (used.target_name, used.client) == ("Grace", "192.0.2.1")
    assert used.facts["invited_by"] == str(people.alice.actor.user_id)


async def test_only_the_hash_of_a_link_is_stored(runtime: Runtime, people: People) -> None:
    made = await invites.create_invite(runtime, people.alice.actor)
    async with runtime.store.read() as db:
        row = await db.get_one(Invite, made.invite.id)
    assert row.token_hash == hash_token(token_of(made))
    assert made.link.startswith("http://board.test/join#ov_invite_")
    for deed in await deeds(runtime):
        assert token_of(made) not in repr(deed)


async def test_an_invite_is_for_one_even_when_two_use_it_at_once(
    runtime: Runtime, people: People
) -> None:
    token = token_of(await invites.create_invite(runtime, people.alice.actor))

    async def attempt(n: int) -> Actor | OpenViberError:
        try:
            draft = replace(GRACE, email=f"grace{n}@example.test")
            return await invites.join(runtime, draft, token=token)
        except OpenViberError as error:
            return error

    results = await asyncio.gather(*(attempt(n) for n in range(3)))
    assert sum(isinstance(result, Actor) for result in results) == 1


async def test_an_invite_ends_after_a_week_or_when_it_is_revoked(
    runtime: Runtime, clock: StillClock, people: People
) -> None:
    alice = people.alice.actor
    week = await invites.create_invite(runtime, alice)
    assert week.invite.expires_at == clock.now() + timedelta(days=7)
    gone = await invites.create_invite(runtime, alice)
    await invites.revoke_invite(runtime, alice, invite_id=gone.invite.id)
    with pytest.raises(ForbiddenError):
        await invites.join(runtime, GRACE, token=token_of(gone))
    with pytest.raises(NotFoundError):
        await invites.revoke_invite(runtime, alice, invite_id=gone.invite.id)
    clock.move(timedelta(days=7))
    with pytest.raises(ForbiddenError, match="has ended"):
        await invites.join(runtime, GRACE, token=token_of(week))


async def test_what_was_typed_wrong_does_not_cost_the_invite(
    runtime: Runtime, people: People
) -> None:
    token = token_of(await invites.create_invite(runtime, people.alice.actor))
    for wrong, pointer in (
        (replace(GRACE, password=Secret("short")), "/password"),
        (replace(GRACE, email=people.bob.actor.email), "/email"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            await invites.join(runtime, wrong, token=token)
        assert caught.value.problems[0].pointer == pointer
    assert await invites.join(runtime, GRACE, token=token)


async def test_links_cannot_be_guessed_fast(runtime: Runtime, people: People) -> None:
    token = token_of(await invites.create_invite(runtime, people.alice.actor))
    for n in range(10):
        with pytest.raises(ForbiddenError):
            await invites.join(runtime, GRACE, token=f"{token}{n}", client="2001:db8::1")
    with pytest.raises(TooManyRequestsError):
        await invites.join(runtime, GRACE, token=token, client="2001:db8::2")  # the same /64
    assert await invites.join(runtime, GRACE, token=token, client="192.0.2.1")


async def test_admins_invite_members_owners_also_admins_and_members_nobody(
    runtime: Runtime, people: People
) -> None:
    admin = (await add_person(runtime, name="Ada", role="admin")).actor
    mine = await invites.create_invite(runtime, admin)
    above = await invites.create_invite(runtime, people.alice.actor, role="admin")
    with pytest.raises(ForbiddenError):
        await invites.create_invite(runtime, admin, role="admin")
    with pytest.raises(ForbiddenError):
        await invites.revoke_invite(runtime, admin, invite_id=above.invite.id)
    shown = {view.id: view.can_revoke for view in await invites.list_invites(runtime, admin)}
    assert shown == {mine.invite.id: True, above.invite.id: False}
    for forbidden in (
        invites.create_invite(runtime, people.bob.actor),
        invites.list_invites(runtime, people.bob.actor),
        invites.revoke_invite(runtime, people.bob.actor, invite_id=mine.invite.id),
    ):
        with pytest.raises(ForbiddenError, match="invite people"):
            await forbidden


async def test_an_invite_for_an_owner_or_for_ever_is_refused(
    runtime: Runtime, clock: StillClock, people: People
) -> None:
    alice, now = people.alice.actor, clock.now()
    with pytest.raises(InvalidInputError) as caught:
        await invites.create_invite(
            runtime, alice, role="owner", note="a\nb", expires_at=now + timedelta(days=31)
        )
    assert [p.pointer for p in caught.value.problems] == ["/role", "/note", "/expiresAt"]
    for end in (now, (now + timedelta(days=1)).replace(tzinfo=None)):
        with pytest.raises(InvalidInputError):
            await invites.create_invite(runtime, alice, expires_at=end)
