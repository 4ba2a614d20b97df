"""Tests of `openviber_app.live.endpoint`."""

import asyncio
import gc
import os
import random

import httpx2
import pytest
import websockets

from openviber_app.api import logs, threads
from openviber_app.domain.reports import ItemRecord
from openviber_app.live.cursors import LogCursor
from openviber_app.services import accounts, visitors
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Thread
from tests.support.board import People
from tests.support.live_client import PATIENCE, LiveClient, board_on_a_port, live_client
from tests.support.workbench import make_bench


async def _closed_with(client: LiveClient) -> int:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(websockets.ConnectionClosed):
            await _receive_for_ever(client)
    assert client.socket.close_code is not None
    return client.socket.close_code


async def _receive_for_ever(client: LiveClient) -> None:
    while True:
        await client.socket.recv()


async def test_a_log_arrives_while_it_is_written_and_says_when_it_is_whole(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    topic, data = f"log:{run.id}", b""
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow(topic)
        for n in range(5):
            line = f"line {n}\n".encode()
            await bench.log(run.id, line, offset=len(data))
            data += line
            await client.until(lambda c, data=data: c.log(topic) == data)
        await bench.finish(run, data)
        await client.until(lambda c: c.events(topic, "end"))
    assert client.events(topic, "end") == [{"t": "end", "bytes": len(data), "complete": True}]
    assert client.position(topic) == len(data)


async def test_resumed_anywhere_a_log_is_the_download_byte_for_byte(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    topic, data, dice = f"log:{run.id}", os.urandom(700_000), random.Random(3)
    await bench.log(run.id, data, offset=0)
    await bench.finish(run, data)
    async with board_on_a_port(logs.router) as board:
        async with httpx2.AsyncClient(headers=people.alice.headers) as http:
            answer = await http.get(f"{board.url}/api/runs/{run.id}/log?download=1")
        assert answer.content == data
        for after in [0, 1, len(data) - 1, len(data), *(dice.randrange(len(data)) for _ in "abc")]:
            async with live_client(board, people.alice.headers) as client:
                await client.follow(topic, after=after)
                await client.until(lambda c: c.events(topic, "end"))
                assert answer.content[:after] + client.log(topic) == answer.content


async def test_a_broken_connection_costs_no_byte_and_doubles_none(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    topic, data, written, seen, after = f"log:{run.id}", os.urandom(900_000), 0, b"", 0
    async with board_on_a_port() as board:
        for part in range(3):
            async with live_client(board, people.alice.headers) as client:
                await client.follow(topic, after=after)
                upto = 300_000 * (part + 1)
                await bench.log(run.id, data[written:upto], offset=written)
                written = upto
                await client.until(lambda c, wanted=part * 250_000: len(c.log(topic)) > wanted / 9)
                client.socket.transport.abort()
            seen += client.log(topic)
            after = client.position(topic)
            assert after == len(seen)
        async with live_client(board, people.alice.headers) as client:
            await client.follow(topic, after=after)
            await client.until(lambda c: len(seen) + len(c.log(topic)) == len(data))
    assert seen + client.log(topic) == data


async def test_a_timeline_is_followed_from_the_number_a_page_gave(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    url, topic = f"/api/threads/{bench.thread.id}/timeline", f"timeline:{bench.thread.id}"
    async with (
        board_on_a_port(threads.router) as board,
        live_client(board, people.alice.headers) as client,
        httpx2.AsyncClient(base_url=board.url, headers=people.alice.headers) as http,
    ):
        page = (await http.get(url)).json()
        await client.follow(topic, after=page["seq"])
        await bench.start(run)
        record = ItemRecord(
            op="upsert", id="t1", kind="terminal", text="ls", fields={"exit_code": 0}
        )
        await bench.tell(run, record)
        await bench.end(run)
        last = (await http.get(url)).json()
        await client.until(lambda c: c.position(topic) == last["seq"])
    items = {item["id"]: item for item in page["items"]}
    runs = {row["id"]: row for row in page["runs"]}
    for event in client.events(topic):
        match event:
            case {"t": "item", "item": {"id": str(name)} as item}:
                items[name] = item
            case {"t": "run", "run": {"id": str(name)} as row}:
                runs[name] = row
            case _:
                raise AssertionError(event)
    assert list(items.values()) == last["items"]  # same names, same forms, same values
    assert list(runs.values()) == last["runs"]
    positions = [position for _, position, _ in client.entries]
    assert positions == sorted(set(positions))


async def test_a_number_this_board_never_gave_means_to_load_again(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.log(run.id, b"abc", offset=0)
    timeline, log = f"timeline:{bench.thread.id}", f"log:{run.id}"
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow(timeline, after=1000)
        await client.until(lambda c: c.events(timeline))
        assert client.entries == [(timeline, 0, {"t": "resync"})]
        await client.follow(log, after=1000)
        await client.until(lambda c: c.log(log) == b"abc")
        assert client.events(log)[0] == {"t": "resync"}  # a log starts again by itself


async def test_lists_are_hinted_at_on_subscribing_and_on_every_change(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    foreign = await make_bench(runtime, people.bob.actor)
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow("user")
        assert await client.receive() == [("user", 0, {"t": "changed"})]
        await foreign.say()  # of no concern to Alice
        await client.follow(f"timeline:{bench.thread.id}")
        await bench.say()
        await client.until(lambda c: len(c.events("user")) == 2)
        await client.until(lambda c: c.events(f"timeline:{bench.thread.id}", "run"))
        assert len(client.events("user")) == 2


async def test_what_is_foreign_looks_like_what_is_not_there(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    topics = [
        f"timeline:{bench.thread.id}",
        f"log:{run.id}",
        f"timeline:{run.id}",
        f"user:{people.alice.actor.user_id}",
        f"outbox:{bench.node.id}",
        "nonsense",
    ]
    async with board_on_a_port() as board, live_client(board, people.bob.headers) as client:
        for topic in topics:
            await client.follow(topic)
        await client.until(lambda c: len(c.entries) == len(topics))
        await bench.log(run.id, b"secret work", offset=0)
        await bench.say("more")
        await client.follow("user")
        await client.until(lambda c: c.events("user"))
    assert client.entries[:-1] == [(topic, -1, {"t": "gone"}) for topic in topics]


async def test_a_thread_that_goes_away_is_gone(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    topic = f"timeline:{bench.thread.id}"
    await bench.say()
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow(topic)
        await client.until(lambda c: c.events(topic, "run"))
        async with runtime.store.write() as db:
            await db.delete(await db.get_one(Thread, bench.thread.id))
        runtime.bus.advanced(topic)
        await client.until(lambda c: c.events(topic, "gone"))


async def test_what_is_left_is_quiet(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    topic = f"log:{run.id}"
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow(topic)
        await client.follow("user")
        await client.until(lambda c: c.events("user"))
        await client.leave(topic)
        await client.leave("never followed")
        await client.follow(f"timeline:{bench.thread.id}")  # answered, so the others were heard
        await client.until(lambda c: c.events(f"timeline:{bench.thread.id}"))
        await bench.log(run.id, b"unseen", offset=0)
        await bench.say("next")
        await client.until(lambda c: len(c.events("user")) == 2)
    assert client.log(topic) == b""


async def test_a_slow_viewer_costs_nobody_time_nor_the_board_memory(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    topic, size, piece = f"log:{run.id}", 16 * 1024 * 1024, os.urandom(512 * 1024)
    async with (
        board_on_a_port() as board,
        live_client(board, people.alice.headers, receive_buffer=65536) as slow,
        live_client(board, people.alice.headers) as quick,
    ):
        await slow.follow(topic)
        await quick.follow(topic)
        for offset in range(0, size, len(piece)):
            await bench.log(run.id, piece, offset=offset)  # nothing here waits for a viewer
        await quick.until(lambda c: c.position(topic) == size)
        places = sorted(o._at for o in gc.get_objects() if type(o) is LogCursor)
        assert len(places) == 2
        assert places[0] < size // 2  # the rest stays in the rows: no queue holds it
        await slow.until(lambda c: c.position(topic) == size)
    assert slow.log(topic) == piece * (size // len(piece))


async def test_a_loud_log_does_not_starve_a_quiet_timeline(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    log, timeline = f"log:{run.id}", f"timeline:{bench.thread.id}"
    await bench.log(run.id, os.urandom(3_000_000), offset=0)
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow(log)
        await client.follow(timeline)
        await client.until(lambda c: c.events(timeline))
        assert client.position(log) < 3_000_000


async def test_topics_of_a_socket_are_limited(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        rows = [
            Thread(
                user_id=people.alice.actor.user_id,
                environment_id=bench.environment.id,
                title=str(n),
                last_message_at=now,
                created_at=now,
                updated_at=now,
            )
            for n in range(65)
        ]
        db.add_all(rows)
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        for row in rows:
            await client.follow(f"timeline:{row.id}")
        await client.until(lambda c: c.entries)
        assert client.entries == [(f"timeline:{rows[-1].id}", -1, {"t": "full"})]
        await client.leave(f"timeline:{rows[0].id}")
        await client.follow("user")
        await client.until(lambda c: c.events("user", "changed"))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{", 4400),
        ("[]", 4400),
        ('{"sub": 1}', 4400),
        ('{"sub": "user", "after": -1}', 4400),
        ('{"sub": "user", "after": true}', 4400),
        ('{"sub": "user", "after": 1e3}', 4400),
        ('{"sub": "user", "more": 1}', 4400),
        ('{"unsub": "user", "after": 1}', 4400),
        (b'{"sub": "user"}', 4400),
        ("[" * 4000, 4400),
        ('{"sub": "' + "x" * 5000 + '"}', 1009),
        ("x" * 300_000, 1009),
    ],
)
async def test_nonsense_ends_the_connection_with_a_reason(
    runtime: Runtime, people: People, said: str | bytes, code: int
) -> None:
    assert runtime
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.socket.send(said)
        assert await _closed_with(client) == code


async def test_a_stopping_board_tells_its_viewers_to_come_back(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with board_on_a_port() as board, live_client(board, people.alice.headers) as client:
        await client.follow(f"timeline:{bench.thread.id}")
        await client.follow("user")
        await client.until(lambda c: c.events("user"))
        board.stop()
        assert await _closed_with(client) == 1012
    assert runtime.bus._listeners == {}


async def test_a_page_of_this_site_watches_by_its_cookie_and_another_site_does_not(
    runtime: Runtime, people: People
) -> None:
    grant = await accounts.start_session(runtime, people.alice.actor)
    cookie = {"Cookie": f"{visitors.COOKIE}={grant.value}"}
    async with board_on_a_port() as board:
        async with live_client(board, cookie, origin=board.url) as client:
            await client.follow("user")
            await client.until(lambda c: c.events("user"))
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with live_client(board, cookie, origin="http://evil.test"):
                pass
        assert refused.value.response.status_code == 403


async def test_a_stranger_is_told_to_sign_in(runtime: Runtime, people: People) -> None:
    assert runtime
    assert people
    async with board_on_a_port() as board:
        for headers in ({}, {"Authorization": "Bearer ov_nonsense"}):
            async with live_client(board, headers) as client:
                assert await _closed_with(client) == 4401
