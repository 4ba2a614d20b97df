from datetime import timedelta

from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime
from openviber_app.store import users
from openviber_app.vault.tokens import hash_token
from tests.support.board import People


async def test_nobody_is_there_until_somebody_is(runtime: Runtime) -> None:
    async with runtime.store.read() as db:
        assert not await users.has_user(db)


async def test_a_person_is_found_by_id_and_by_address(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    async with runtime.store.read() as db:
        assert await users.has_user(db)
        by_id = await users.find_user(db, alice.user_id)
        by_email = await users.find_user_by_email(db, alice.email)
        assert await users.find_user_by_email(db, "nobody@example.test") is None
    assert by_id is not None
    assert by_id.name == "Alice"
    assert by_email is not None
    assert by_email.id == alice.user_id


async def test_a_token_is_found_by_hash_and_listed_for_its_person_only(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice, people.bob
    async with runtime.store.read() as db:
        found = await users.find_token(db, hash_token(alice.token))
        assert found is not None
        row, user = found
        assert user.id == alice.actor.user_id
        own = await users.list_tokens(db, user_id=alice.actor.user_id)
        assert [token.id for token in own] == [row.id]
        foreign = await users.find_own_token(db, user_id=bob.actor.user_id, token_id=row.id)
        assert foreign is None
        assert await users.find_token(db, alice.token) is None  # the value is no hash


async def test_sessions_that_are_over_go_and_others_stay(runtime: Runtime, people: People) -> None:
    grant = await accounts.start_session(runtime, people.alice.actor)
    token_hash = hash_token(grant.value)
    async with runtime.store.write() as db:
        await users.delete_expired_sessions(db, now=grant.expires_at - timedelta(seconds=1))
        assert await users.find_session(db, token_hash) is not None
        await users.delete_expired_sessions(db, now=grant.expires_at)
        assert await users.find_session(db, token_hash) is None


async def test_sessions_are_listed_while_they_last_and_ended_but_for_one(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    grants = [await accounts.start_session(runtime, alice) for _ in range(3)]
    kept = hash_token(grants[0].value)
    now, later = runtime.clock.now(), runtime.clock.now() + timedelta(days=31)
    async with runtime.store.write() as db:
        assert len(await users.list_sessions(db, user_id=alice.user_id, now=now)) == len(grants)
        assert not await users.list_sessions(db, user_id=alice.user_id, now=later)
        await users.delete_other_sessions(db, user_id=alice.user_id, kept_hash=kept)
        left = await users.list_sessions(db, user_id=alice.user_id, now=now)
    assert [row.token_hash for row in left] == [kept]
