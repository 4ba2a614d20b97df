from openviber_app.domain.statuses import RunStatus
from openviber_app.services.activity import Activity, get_activity
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Run
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_threads_that_run_or_wait_for_their_person_are_counted(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    for status, told in (
        (RunStatus.QUEUED, Activity(running=0, needs_you=0)),
        (RunStatus.RUNNING, Activity(running=1, needs_you=0)),
        (RunStatus.WAITING_APPROVAL, Activity(running=0, needs_you=1)),
    ):
        async with runtime.store.write() as db:
            row = await db.get(Run, run.id)
            assert row is not None
            row.status = status
        assert await get_activity(runtime, people.alice.actor) == told
    assert await get_activity(runtime, people.bob.actor) == Activity(running=0, needs_you=0)
