from datetime import timedelta

from openviber_app.services.runtime import Runtime
from openviber_app.store import drafts
from openviber_app.store.draft_table import Draft
from tests.support.board import People


async def test_the_drafts_that_were_touched_last_stay(runtime: Runtime, people: People) -> None:
    now = runtime.clock.now()
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.write() as db:
        for at, key in enumerate("abcd"):
            moment = now + timedelta(seconds=at)
            db.add(Draft(user_id=alice, key=key, value=key, updated_at=moment))
        db.add(Draft(user_id=bob, key="a", value="bob's", updated_at=now))
        await db.flush()
        await drafts.delete_oldest(db, user_id=alice, keep=2)
    async with runtime.store.read() as db:
        left = [k for k in "abcd" if await drafts.find_draft(db, user_id=alice, key=k)]
        assert left == ["c", "d"]
        assert await drafts.find_draft(db, user_id=bob, key="a")


async def test_a_draft_is_forgotten_once_or_twice(runtime: Runtime, people: People) -> None:
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.write() as db:
        for user in (alice, bob):
            db.add(Draft(user_id=user, key="a", value=1, updated_at=runtime.clock.now()))
    for _ in range(2):
        async with runtime.store.write() as db:
            await drafts.delete_draft(db, user_id=alice, key="a")
    async with runtime.store.read() as db:
        assert await drafts.find_draft(db, user_id=alice, key="a") is None
        assert await drafts.find_draft(db, user_id=bob, key="a")
