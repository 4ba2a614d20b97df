import pytest
from sqlalchemy.exc import IntegrityError

from openviber_app.services.runtime import Runtime
from openviber_app.store.trust_tables import Share
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_one_environment_is_shared_with_one_person_once(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)

    async def share(role: str) -> None:
        async with runtime.store.write() as db:
            db.add(
                Share(
                    environment_id=bench.environment.id,
                    user_id=people.bob.actor.user_id,
                    role=role,
                    created_at=runtime.clock.now(),
                )
            )

    await share("viewer")
    with pytest.raises(IntegrityError):
        await share("editor")
