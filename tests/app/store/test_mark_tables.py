from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store.mark_tables import EnvironmentMark, ThreadMark
from openviber_app.store.tables import Environment, Thread
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_two_people_mark_one_thing_and_its_end_takes_both_marks(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    thread, environment = bench.thread.id, bench.environment.id
    async with runtime.store.write() as db:
        for person in (people.alice, people.bob):
            user = person.actor.user_id
            db.add(ThreadMark(user_id=user, thread_id=thread, is_pinned=True))
            db.add(EnvironmentMark(user_id=user, environment_id=environment))
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(Thread, thread))
        await db.delete(await db.get_one(Environment, environment))
    async with runtime.store.read() as db:
        for person in (people.alice, people.bob):
            user = person.actor.user_id
            assert await db.get(ThreadMark, (user, thread)) is None
            assert await db.get(EnvironmentMark, (user, environment)) is None
            assert await db.get(ThreadMark, (user, new_id())) is None
