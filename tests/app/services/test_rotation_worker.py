"""The rotation that goes on by itself."""

import asyncio

from openviber_app.services import key_rotation, rotation_worker
from openviber_app.services.runtime import Runtime
from openviber_app.store import keys
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import make_victim


async def _ended(runtime: Runtime) -> None:
    async with asyncio.timeout(20):
        while True:
            async with runtime.store.read() as db:
                if await keys.find_rotation(db, is_open=True) is None:
                    return
            await asyncio.sleep(0.01)


async def test_it_takes_up_what_was_left_and_wakes_for_the_next(
    runtime: Runtime, people: People
) -> None:
    await make_victim(runtime, people.alice, secrets=(secret("A", "value-of-a"),))
    await key_rotation.start(runtime, actor=people.alice.actor)
    async with rotation_worker.running(runtime):
        await _ended(runtime)
        second = await key_rotation.start(runtime, actor=people.alice.actor)
        assert second.total == 2
        await _ended(runtime)
    async with runtime.store.read() as db:
        assert await key_rotation.used_keys(db) == {second.to_key_id}
