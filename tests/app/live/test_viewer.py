"""Tests of `openviber_app.live.viewer`."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.sharing import Access
from openviber_app.live.encoding import GONE, encode
from openviber_app.live.viewer import MAX_MESSAGE_CHARS, Viewer
from openviber_app.services import shares
from openviber_app.services.live_topics import LOG_PAGE_BYTES
from openviber_app.services.runtime import Runtime
from openviber_app.store.engine import Store
from tests.support.board import People
from tests.support.workbench import make_bench


def _topics(message: str) -> list[str]:
    return [topic for topic, _, _ in json.loads(message)] if message else []


async def test_a_message_is_bounded_and_tells_that_there_is_more(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    runs = []
    for _ in range(4):
        run = await bench.run_of(await bench.say())
        await bench.log(run.id, os.urandom(LOG_PAGE_BYTES), offset=0)
        await bench.end(run)
        runs.append(run)
    viewer = Viewer(runtime, people.alice.actor)
    for run in runs:
        await viewer.follow(f"log:{run.id}", after=0)
    seen: dict[str, None] = {}
    more = True
    while more:
        message, more = await viewer.next_message()
        assert len(message) < MAX_MESSAGE_CHARS + 2 * LOG_PAGE_BYTES
        seen |= dict.fromkeys(_topics(message))
    assert list(seen) == [f"log:{run.id}" for run in runs]
    viewer.leave_all()
    assert runtime.bus._listeners == {}


async def test_following_again_moves_the_place(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"abcdef", offset=0)
    viewer = Viewer(runtime, people.alice.actor)
    for after, entries in ((0, [6]), (6, []), (3, [6])):
        await viewer.follow(f"log:{run.id}", after=after)
        message, _ = await viewer.next_message()
        assert [position for _, position, _ in json.loads(message or "[]")] == entries
    viewer.leave_all()


async def test_many_moves_of_a_topic_are_one_read(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    viewer = Viewer(runtime, people.alice.actor)
    await viewer.follow(f"log:{run.id}", after=0)
    for n in range(50):
        await bench.log(run.id, b"x", offset=n)
    message, more = await viewer.next_message()
    assert _topics(message) == [f"log:{run.id}"]
    assert not more
    viewer.leave_all()


async def test_what_was_left_while_it_was_read_is_not_sent(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"abc", offset=0)
    viewer = Viewer(runtime, people.alice.actor)
    await viewer.follow(f"log:{run.id}", after=0)

    async def leave() -> None:
        viewer.leave(f"log:{run.id}")

    # the message waits for its rows first, so the leaving comes in the middle
    (message, more), _ = await asyncio.gather(viewer.next_message(), leave())
    assert (message, more) == ("", False)


async def test_what_is_shared_no_more_is_gone_at_once(runtime: Runtime, people: People) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    run = await bench.run_of(await bench.say())
    key = bench.environment.id
    await shares.put_share(runtime, alice, environment_id=key, email=bob.email, role=Access.VIEWER)
    viewer = Viewer(runtime, bob)
    await viewer.follow(f"log:{run.id}", after=0)
    await viewer.follow("user", after=0)
    while (await viewer.next_message())[1]:
        pass
    await shares.delete_share(runtime, alice, environment_id=key, user_id=bob.user_id)
    await bench.log(run.id, b"not for bob", offset=0)
    message, _ = await viewer.next_message()
    told = {topic: (position, facts) for topic, position, facts in json.loads(message)}
    assert told[f"log:{run.id}"] == (-1, json.loads(encode("", -1, GONE))[2])
    assert "user" in told  # their own lists go on
    viewer.leave_all()
    assert runtime.bus._listeners == {}


class Halting:
    """A store whose first answer is held up on its way back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.was_read, self.may_go_on = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with self._store.read() as db:
            yield db
        self.was_read.set()
        await self.may_go_on.wait()


async def test_what_is_taken_away_while_a_viewer_asks_for_it_is_not_followed(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    run = await bench.run_of(await bench.say())
    key = bench.environment.id
    await shares.put_share(runtime, alice, environment_id=key, email=bob.email, role=Access.VIEWER)
    halting = Halting(runtime.store)
    viewer = Viewer(replace(runtime, store=cast("Store", halting)), bob)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(viewer.follow(f"log:{run.id}", after=0))
        await halting.was_read.wait()  # that bob may see it
        await shares.delete_share(runtime, alice, environment_id=key, user_id=bob.user_id)
        assert await viewer.next_message() == ("", False)  # nothing is followed yet
        halting.may_go_on.set()
    await bench.log(run.id, b"not for bob", offset=0)
    message, _ = await viewer.next_message()
    assert json.loads(message) == [[f"log:{run.id}", -1, GONE]]
    viewer.leave_all()
    assert runtime.bus._listeners == {}
