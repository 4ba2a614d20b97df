"""Tests of `openviber_app.services.live_topics`."""

from uuid import UUID

import pytest

from openviber_app.services import live_topics
from openviber_app.services.live_topics import Topic
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.workbench import add_prepare, make_bench

SOME = UUID("01930000-0000-7000-8000-000000000001")  # in names of tests, which xdist compares


@pytest.mark.parametrize(
    "name",
    ["", "log", "log:", "log:1", f"outbox:{SOME}", f"user:{SOME}", f"log:{SOME.hex}", "USER"],
)
def test_a_name_of_no_topic_is_none(name: str) -> None:
    assert live_topics.parse_topic(name) is None


def test_topics_by_name() -> None:
    assert live_topics.parse_topic("user") == Topic("user", "user")
    assert live_topics.parse_topic(f"log:{SOME}") == Topic(f"log:{SOME}", "log", SOME)


async def test_what_may_be_followed_is_ones_own(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    prepare = await add_prepare(runtime, bench.binding)
    for name in (f"log:{run.id}", f"log:{prepare.id}", f"timeline:{bench.thread.id}", "user"):
        topic = live_topics.parse_topic(name)
        assert topic is not None
        assert await live_topics.may_follow(runtime, people.alice.actor, topic)
        allowed = await live_topics.may_follow(runtime, people.bob.actor, topic)
        assert allowed == (name == "user")
    alice, bob = people.alice.actor, people.bob.actor
    own = Topic("user", "user")
    assert live_topics.bus_topic(own, alice) != live_topics.bus_topic(own, bob)
    unknown = Topic(f"log:{SOME}", "log", SOME)
    assert not await live_topics.may_follow(runtime, alice, unknown)


async def test_a_log_is_read_in_pages_and_a_shorter_one_from_its_start(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    data = bytes(range(256)) * 500
    await bench.log(run.id, data, offset=0)
    page = await live_topics.read_log(runtime, execution_id=run.id, at=0)
    assert page is not None
    assert (len(page.data), page.more) == (live_topics.LOG_PAGE_BYTES, True)
    page = await live_topics.read_log(runtime, execution_id=run.id, at=len(data) - 1)
    assert page is not None
    assert (page.data, page.more, page.was_reset) == (data[-1:], False, False)
    page = await live_topics.read_log(runtime, execution_id=run.id, at=len(data) + 1)
    assert page is not None
    assert (page.at, page.was_reset) == (0, True)
    assert await live_topics.read_log(runtime, execution_id=SOME, at=0) is None


async def test_a_number_of_another_timeline_is_noticed(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await bench.say()
    seq = (await bench.row()).timeline_seq
    page = await live_topics.read_timeline(runtime, thread_id=bench.thread.id, viewer=SOME, after=0)
    assert page is not None
    assert page.changes[-1].seq == seq
    page = await live_topics.read_timeline(
        runtime, thread_id=bench.thread.id, viewer=SOME, after=seq + 1
    )
    assert page is not None
    assert page.was_reset
    assert await live_topics.read_timeline(runtime, thread_id=SOME, viewer=SOME, after=0) is None
