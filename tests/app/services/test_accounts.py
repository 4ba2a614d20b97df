import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotSignedInError,
    OpenViberError,
    TooManyRequestsError,
)
from openviber_app.domain.people import PersonDraft
from openviber_app.domain.secret import Secret
from openviber_app.services import accounts, api_tokens, password_resets
from openviber_app.services.access import access_topic
from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import ensure_setup_code
from openviber_app.store.people_tables import User, UserSession
from openviber_app.vault.tokens import hash_token
from tests.support import board
from tests.support.audited import deeds
from tests.support.board import People, StillClock

PASSWORD = Secret("correct horse")
ADA = PersonDraft(name="Ada", email="Ada@Example.test", password=PASSWORD)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def runtime(tmp_path: Path, clock: StillClock) -> AsyncIterator[Runtime]:
    async with board.runtime(tmp_path, clock=clock) as built:
        yield built


async def _owner(runtime: Runtime) -> Actor:
    code = await ensure_setup_code(runtime)
    assert code is not None
    return await accounts.create_owner(runtime, ADA, code=code)


async def test_the_first_account_owns_the_board(runtime: Runtime) -> None:
    assert await accounts.is_setup_needed(runtime)
    actor = await _owner(runtime)
    assert (actor.role, actor.email) == ("owner", "ada@example.test")
    assert not await accounts.is_setup_needed(runtime)


async def test_a_wrong_or_old_code_makes_nobody(runtime: Runtime) -> None:
    with pytest.raises(ForbiddenError):  # no code was ever made
        await accounts.create_owner(runtime, ADA, code="")
    old = await ensure_setup_code(runtime)
    assert old is not None
    await ensure_setup_code(runtime)
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "", old):
        with pytest.raises(ForbiddenError, match="not the set-up code"):
            await accounts.create_owner(runtime, ADA, code=wrong)
    assert await accounts.is_setup_needed(runtime)


async def test_a_code_works_once_even_when_two_use_it_at_once(runtime: Runtime) -> None:
    code = await ensure_setup_code(runtime)
    assert code is not None

    async def attempt(n: int) -> Actor | OpenViberError:
        draft = PersonDraft(name="Ada", email=f"ada{n}@example.test", password=PASSWORD)
        try:
            return await accounts.create_owner(runtime, draft, code=code)
        except OpenViberError as error:
            return error

    results = await asyncio.gather(*(attempt(n) for n in range(3)))
    assert sum(isinstance(result, Actor) for result in results) == 1
    assert sum(isinstance(result, ConflictError) for result in results) == 2


async def test_codes_cannot_be_guessed_fast(runtime: Runtime, clock: StillClock) -> None:
    code = await ensure_setup_code(runtime)
    assert code is not None
    for _ in range(10):
        with pytest.raises(ForbiddenError):
            await accounts.create_owner(runtime, ADA, code="wrong")
    with pytest.raises(TooManyRequestsError):
        await accounts.create_owner(runtime, ADA, code=code)
    clock.move(timedelta(minutes=6))
    assert await accounts.create_owner(runtime, ADA, code=code)


async def test_the_right_password_signs_in_and_nothing_else_does(runtime: Runtime) -> None:
    ada = await _owner(runtime)
    signed_in = await accounts.sign_in(runtime, email=" ADA@example.test", password=PASSWORD)
    assert signed_in == ada
    for email, password in (
        ("ada@example.test", "wrong horse!"),
        ("nobody@example.test", "correct horse"),
        ("ada@example.test", ""),
        ("", ""),
        ("ada@example.test", "x" * 100_000),
        ("ada@example.test", "half a character \ud800"),
        ("\ud800@example.test", "correct horse"),
    ):
        with pytest.raises(NotSignedInError, match="do not belong together"):
            await accounts.sign_in(runtime, email=email, password=Secret(password))


async def test_passwords_cannot_be_guessed_fast_and_others_are_not_locked_out(
    runtime: Runtime, clock: StillClock
) -> None:
    await _owner(runtime)
    for n in range(10):
        with pytest.raises(NotSignedInError):
            await accounts.sign_in(
                runtime, email="ada@example.test", password=Secret(f"guess {n}"), client=f"c{n}"
            )
    with pytest.raises(TooManyRequestsError):
        await accounts.sign_in(
            runtime, email="ada@example.test", password=PASSWORD, client="another"
        )
    with pytest.raises(NotSignedInError):
        await accounts.sign_in(
            runtime, email="bob@example.test", password=PASSWORD, client="another"
        )
    clock.move(timedelta(minutes=6))
    await accounts.sign_in(runtime, email="ada@example.test", password=PASSWORD)


async def test_an_account_of_ones_own_gives_no_more_guesses_at_others(runtime: Runtime) -> None:
    await _owner(runtime)
    wrong = Secret("guess")
    for n in range(9):
        with pytest.raises(NotSignedInError):
            await accounts.sign_in(runtime, email=f"{n}@example.test", password=wrong, client="c")
    for _ in range(3):  # a right one costs nothing, and wins nothing
        await accounts.sign_in(runtime, email="ada@example.test", password=PASSWORD, client="c")
    with pytest.raises(NotSignedInError):
        await accounts.sign_in(runtime, email="9@example.test", password=wrong, client="c")
    with pytest.raises(TooManyRequestsError):
        await accounts.sign_in(runtime, email="10@example.test", password=wrong, client="c")


async def test_a_password_that_changes_while_it_is_checked_opens_no_session(
    runtime: Runtime,
) -> None:
    await _owner(runtime)
    slow = await accounts.sign_in(runtime, email="ada@example.test", password=PASSWORD)
    offered = await password_resets.offer(runtime, "ada@example.test")
    await password_resets.use(runtime, code=offered.code, password=Secret("another horse"))
    with pytest.raises(NotSignedInError):
        await accounts.start_session(runtime, slow)


async def test_nobody_signs_in_who_is_removed_meanwhile(runtime: Runtime, people: People) -> None:
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(User, people.bob.actor.user_id))
    with pytest.raises(NotSignedInError):
        await accounts.start_session(runtime, people.bob.actor)


async def test_a_session_lasts_30_days_from_its_last_use(
    runtime: Runtime, clock: StillClock, people: People
) -> None:
    alice = people.alice.actor
    grant = await accounts.start_session(runtime, alice, user_agent="x" * 1000)
    assert grant.value not in repr(grant)
    for _ in range(3):
        clock.move(timedelta(days=29))
        assert await accounts.get_actor_by_session(runtime, grant.value) == alice
    clock.move(timedelta(days=30))
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, grant.value)


async def test_a_session_is_stored_as_a_hash_and_ends_with_sign_out(
    runtime: Runtime, people: People
) -> None:
    alice = await accounts.start_session(runtime, people.alice.actor)
    bob = await accounts.start_session(runtime, people.bob.actor)
    async with runtime.store.read() as db:
        assert await db.get(UserSession, alice.value) is None
        assert await db.get(UserSession, hash_token(alice.value)) is not None
    await accounts.end_session(runtime, alice.value)
    await accounts.end_session(runtime, "never was")
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, alice.value)
    assert await accounts.get_actor_by_session(runtime, bob.value) == people.bob.actor


async def test_a_session_is_no_token_and_a_token_is_no_session(
    runtime: Runtime, people: People
) -> None:
    grant = await accounts.start_session(runtime, people.alice.actor)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_token(runtime, grant.value)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, people.alice.token)


async def test_a_token_ends_when_it_was_told_to(
    runtime: Runtime, clock: StillClock, people: People
) -> None:
    alice = people.alice.actor
    view, token = await api_tokens.create_token(
        runtime, alice, name="ci", expires_at=clock.now() + timedelta(days=1)
    )
    assert view.last_used_at is None
    assert await accounts.get_actor_by_token(runtime, token) == alice
    assert (await api_tokens.list_tokens(runtime, alice))[0].last_used_at == clock.now()
    clock.move(timedelta(days=1))
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_token(runtime, token)


async def test_owners_and_admins_add_people_and_each_address_once(
    runtime: Runtime, people: People
) -> None:
    with pytest.raises(ForbiddenError):
        await accounts.add_member(runtime, people.bob.actor, ADA)
    ada = await accounts.add_member(runtime, people.alice.actor, ADA)
    assert ada.role == "member"
    again = PersonDraft(name="Other", email="ADA@example.test", password=PASSWORD)
    with pytest.raises(InvalidInputError) as caught:
        await accounts.add_member(runtime, people.alice.actor, again)
    assert caught.value.problems[0].pointer == "/email"
    signed_in = await accounts.sign_in(runtime, email="ada@example.test", password=PASSWORD)
    assert signed_in == ada


async def test_signing_in_and_out_and_failing_to_is_written_down(runtime: Runtime) -> None:
    ada = await _owner(runtime)
    for email in (ada.email, "nobody@example.test"):
        with pytest.raises(NotSignedInError):
            await accounts.sign_in(
                runtime, email=email, password=Secret("guess"), client="192.0.2.1"
            )
    known = await accounts.sign_in(runtime, email=ada.email, password=PASSWORD, client="192.0.2.2")
    grant = await accounts.start_session(runtime, known)
    await accounts.end_session(runtime, grant.value, client="192.0.2.3")
    found = [(d.action, d.target_name, d.client) for d in await deeds(runtime, "session.")]
    assert found == [
        ("session.ended", "Ada", "192.0.2.3"),
        ("session.started", "Ada", "192.0.2.2"),
        ("session.refused", "", "192.0.2.1"),  # as much work as for somebody who is here
        ("session.refused", "Ada", "192.0.2.1"),
    ]


async def test_a_new_session_ends_the_one_that_the_browser_came_with(
    runtime: Runtime, people: People
) -> None:
    bobs = await accounts.start_session(runtime, people.bob.actor)
    with runtime.bus.listening(access_topic(people.bob.actor.user_id)) as sockets:
        fresh = await accounts.start_session(runtime, people.alice.actor, replaced=bobs.value)
        assert sockets.wake.is_set()
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, bobs.value)
    assert fresh.value != bobs.value
