"""Tests of `openviber_app.store.scopes`."""

from openviber_app.domain.sharing import Access
from openviber_app.services.runtime import Runtime
from openviber_app.store import scopes
from openviber_app.store.trust_tables import Share
from tests.support.board import People
from tests.support.workbench import add_environment


async def test_own_and_shared_environments_are_seen_and_no_others(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    shared, private = [await add_environment(runtime, alice, name=n) for n in ("a", "b")]
    own = await add_environment(runtime, bob)
    async with runtime.store.write() as db:
        db.add(
            Share(
                environment_id=shared.id,
                user_id=bob.user_id,
                role="runner",
                created_at=runtime.clock.now(),
            )
        )
    async with runtime.store.read() as db:
        assert set(await scopes.list_seen(db, user_id=bob.user_id)) == {own.id, shared.id}
        found = await scopes.list_standings(db, user_id=bob.user_id)
        assert {key: one.access for key, one in found.items()} == {
            own.id: Access.OWNER,
            shared.id: Access.RUNNER,
        }
        assert found[shared.id].owner_name == "Alice"
        one = await scopes.list_standings(db, user_id=bob.user_id, environment_id=private.id)
        assert one == {}
        for least, wanted in ((Access.RUNNER, {own.id, shared.id}), (Access.EDITOR, {own.id})):
            query = scopes.seen_environments(bob.user_id, least=least)
            assert set((await db.execute(query)).scalars()) == wanted
        watchers = await scopes.list_watchers(db, environment_id=shared.id)
        assert watchers == [alice.user_id, bob.user_id]
