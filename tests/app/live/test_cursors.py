"""Tests of `openviber_app.live.cursors`."""

import json
from uuid import UUID

from openviber_app.domain.ids import new_id
from openviber_app.live.cursors import Batch, Cursor, cursor_for
from openviber_app.services.live_topics import parse_topic
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.workbench import make_bench


def _at(name: str, after: int = 0, viewer: UUID | None = None) -> Cursor:
    topic = parse_topic(name)
    assert topic is not None
    return cursor_for(topic, after=after, viewer=viewer or new_id())


def _kinds(batch: Batch) -> list[tuple[int, str]]:
    entries = [json.loads(entry) for entry in batch.entries]
    return [(position, event["t"]) for _, position, event in entries]


async def test_a_log_goes_on_and_tells_its_end_once(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    cursor = _at(f"log:{run.id}")
    assert await cursor.read(runtime) == Batch()
    await bench.log(run.id, b"abc", offset=0)
    assert _kinds(await cursor.read(runtime)) == [(3, "log")]
    await bench.end(run)  # without a log's figures: nothing more is announced
    assert _kinds(await cursor.read(runtime)) == [(3, "end")]
    assert await cursor.read(runtime) == Batch()
    await bench.log(run.id, b"d", offset=3)  # it came late; it is shown nevertheless
    assert _kinds(await cursor.read(runtime)) == [(4, "log")]


async def test_a_timeline_gives_each_change_once(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    cursor = _at(f"timeline:{bench.thread.id}")
    assert await cursor.read(runtime) == Batch()
    await bench.say()
    found = _kinds(await cursor.read(runtime))
    assert [kind for _, kind in found] == ["item", "run"]
    assert await cursor.read(runtime) == Batch()


async def test_a_timeline_tells_each_viewer_whose_a_message_is(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice)
    await bench.say()
    senders: list[str] = []
    for viewer in (alice.user_id, people.bob.actor.user_id):
        batch = await _at(f"timeline:{bench.thread.id}", viewer=viewer).read(runtime)
        senders.append(json.loads(batch.entries[0])[2]["item"]["sentBy"])
    assert senders == ["", "Alice"]


async def test_what_is_gone_is_followed_no_longer(runtime: Runtime, people: People) -> None:
    assert people
    for name in (f"log:{new_id()}", f"timeline:{new_id()}"):
        batch = await _at(name).read(runtime)
        assert (_kinds(batch), batch.is_over) == ([(-1, "gone")], True)


async def test_lists_have_no_place(runtime: Runtime) -> None:
    cursor = _at("user")
    assert (
        _kinds(await cursor.read(runtime)) == _kinds(await cursor.read(runtime)) == [(0, "changed")]
    )
