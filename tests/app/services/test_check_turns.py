import asyncio

import pytest

from openviber_app.domain.errors import TooManyRequestsError
from openviber_app.domain.ids import new_id
from openviber_app.services.check_turns import AT_ONCE, CheckTurns
from tests.support.waiting import fact


class Crowd:
    """Checks that go on until they are told to end."""

    def __init__(self) -> None:
        self.turns = CheckTurns()
        self.inside = 0
        self.end = asyncio.Event()

    async def check(self, user_id: object) -> None:
        async with self.turns.turn(user_id):  # pyright: ignore[reportArgumentType]
            self.inside += 1
            await self.end.wait()
            self.inside -= 1


async def test_one_check_of_a_person_runs_one_waits_and_a_third_is_refused() -> None:
    crowd, ada = Crowd(), new_id()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(crowd.check(ada))
        await fact(lambda: crowd.inside == 1, "it has begun")
        second = tasks.create_task(crowd.check(ada))
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequestsError):
            await crowd.check(ada)
        assert crowd.inside == 1
        second.cancel()
        await asyncio.sleep(0)
        tasks.create_task(crowd.check(ada))  # the cancelled one left its place
        tasks.create_task(crowd.check(new_id()))  # somebody else does not wait for Ada
        await fact(lambda: crowd.inside == 2, "it has begun")
        crowd.end.set()
    assert crowd.inside == 0
    assert not crowd.turns._people


async def test_so_many_people_check_at_once_and_the_others_wait() -> None:
    crowd = Crowd()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE + 3):
            tasks.create_task(crowd.check(new_id()))
        await fact(lambda: crowd.inside == AT_ONCE, "it has begun")
        await asyncio.sleep(0)
        assert crowd.inside == AT_ONCE
        crowd.end.set()
    assert crowd.inside == 0
