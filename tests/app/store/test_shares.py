"""Tests of `openviber_app.store.shares`."""

from openviber_app.services.runtime import Runtime
from openviber_app.store import marks, shares
from openviber_app.store.trust_tables import Share
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_what_was_there_when_it_was_shared_is_no_news(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    bob = people.bob.actor.user_id
    share = Share(
        environment_id=bench.environment.id,
        user_id=bob,
        role="viewer",
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(share)
        await db.flush()
        await shares.note_as_read(db, share)
        await shares.note_as_read(db, share)  # a second time is nothing
        noted = await marks.list_thread_marks(db, user_id=bob, thread_ids=[bench.thread.id])
        assert noted[bench.thread.id].read_at == share.created_at
        ((found, user),) = await shares.list_shares(db, environment_id=bench.environment.id)
        assert (found.id, user.name) == (share.id, "Bob")
        assert await shares.find_share(db, environment_id=bench.environment.id, user_id=bob)
