import asyncio

from openviber_daemon.tasks import Tasks


async def test_work_of_one_name_is_not_begun_twice() -> None:
    begun: list[int] = []
    go = asyncio.Event()

    async def work(number: int) -> None:
        begun.append(number)
        await go.wait()

    async with asyncio.TaskGroup() as group:
        tasks = Tasks(group)
        tasks.start(work(1), name="one")
        tasks.start(work(2), name="one")
        tasks.start(work(3), name="other")
        await asyncio.sleep(0)
        go.set()
    assert begun == [1, 3]
