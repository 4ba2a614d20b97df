from openviber_app.services.runtime import Runtime
from openviber_app.store import marks
from openviber_app.store.tables import Thread
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_a_mark_is_made_once_and_belongs_to_one_person(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    for is_pinned in (True, False):
        async with runtime.store.write() as db:
            thread = await db.get_one(Thread, bench.thread.id)
            mark = await marks.take_thread_mark(db, user_id=alice.user_id, thread=thread)
            assert mark.read_at == thread.created_at
            mark.is_pinned = is_pinned
            noted = await marks.take_environment_mark(
                db, user_id=alice.user_id, environment_id=bench.environment.id
            )
            noted.is_pinned = is_pinned
    async with runtime.store.read() as db:
        ids = [bench.thread.id]
        found = await marks.list_thread_marks(db, user_id=alice.user_id, thread_ids=ids)
        assert not found[bench.thread.id].is_pinned
        assert await marks.list_thread_marks(db, user_id=bob.user_id, thread_ids=ids) == {}
        assert list(await marks.list_environment_marks(db, user_id=alice.user_id)) == [
            bench.environment.id
        ]
        assert await marks.list_environment_marks(db, user_id=bob.user_id) == {}
