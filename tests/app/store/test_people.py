from datetime import timedelta

from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime
from openviber_app.store import people as store
from openviber_app.vault.tokens import hash_token
from tests.support.board import People
from tests.support.routes import add_invite
from tests.support.workbench import make_bench


async def test_belongings_are_counted_for_each_person(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.bob.actor)
    await accounts.start_session(runtime, people.alice.actor)
    async with runtime.store.read() as db:
        found = await store.list_belongings(db)
        ids = await store.list_ids_of(db, user_id=people.bob.actor.user_id)
        assert [user.name for user in await store.list_users(db)] == ["Alice", "Bob"]
        assert await store.count_of_role(db, "owner") == 1
    bob, alice = found[people.bob.actor.user_id], found[people.alice.actor.user_id]
    assert (bob.environments, bob.nodes, bob.threads, bob.last_seen_at) == (1, 1, 1, None)
    assert alice.environments == 0
    assert alice.last_seen_at is not None
    assert ids == ([bench.node.id], [bench.environment.id])


async def test_an_invite_is_open_until_it_is_used_or_ends(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    invite = await add_invite(runtime, alice)
    now, token_hash = runtime.clock.now(), hash_token(f"of {alice.user_id}")
    async with runtime.store.write() as db:
        assert [row.id for row, _ in await store.list_open_invites(db, now=now)] == [invite.id]
        later = now + timedelta(days=2)
        assert await store.find_open_invite(db, token_hash=token_hash, now=later) is None
        row = await store.find_open_invite(db, token_hash=token_hash, now=now)
        assert row is not None
        row.used_at = now
        await db.flush()
        assert await store.find_open_invite(db, token_hash=token_hash, now=now) is None
        await store.delete_open_invites_of(db, user_id=alice.user_id)
        assert await db.get(type(row), row.id) is row  # what was used stays
