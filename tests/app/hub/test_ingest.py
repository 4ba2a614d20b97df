"""Nothing is acked before it is durable, and nothing that is acked is missing."""

import asyncio
import sqlite3
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from openviber_app.store.logs import count_bytes
from openviber_app.store.tables import Command, LogChunk
from tests.app.hub.conftest import Served
from tests.support.fake_node import until


async def _prepare(served: Served) -> tuple[str, str]:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    return mapped["prepare"]["id"], f"log/{mapped['prepare']['id']}"


async def test_while_the_database_is_locked_nothing_is_acked_and_then_everything_is(
    served: Served,
) -> None:
    prepare_id, stream = await _prepare(served)
    async with served.node.connected() as session:
        command = await served.command()
        await served.prepare_is(prepare_id, status="accepted")
        file = served.runtime.settings.data / "board.sqlite3"
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        try:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            served.node.add_log(command.payload.prepare_id, b"x" * 300_000)
            session.wake.set()
            beats = session.peer.epoch
            # a later heartbeat's echo proves that the hub read everything before it
            await session.socket.send('{"v": 1, "type": "node:surprise", "payload": {}}')
            await until(lambda: session.refused, what="the hub still answers")
            assert served.node.acked.get(stream, 0) == 0
            assert beats == session.peer.epoch
        finally:
            other.execute("ROLLBACK")
            other.close()
        served.node.finish_prepare(command)
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(prepare_id) == b"x" * 300_000


async def test_a_log_whose_checksum_is_wrong_is_asked_for_again(served: Served) -> None:
    prepare_id, stream = await _prepare(served)
    async with served.node.connected() as session:
        command = await served.command()
        served.node.add_log(command.payload.prepare_id, b"true words\n" * 20_000)
        await until(lambda: served.node.acked.get(stream) == 220_000, what="the log being stored")
        async with served.runtime.store.write() as db:  # the disk lies
            await db.execute(sa.update(LogChunk).values(data=sa.func.zeroblob(65536)))
        served.node.finish_prepare(command)
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
        assert [(r.stream, r.next) for r in session.rewound] == [(stream, 0)]
    assert await served.log_of(prepare_id) == b"true words\n" * 20_000
    assert (await served.get(f"/api/prepares/{prepare_id}"))["log"]["complete"] is True


async def test_a_log_that_never_matches_is_not_asked_for_without_end(served: Served) -> None:
    prepare_id, _ = await _prepare(served)
    async with served.node.connected() as session:
        command = await served.command()
        served.node.add_log(command.payload.prepare_id, b"words")
        end = served.node.log_end(command.payload.prepare_id) | {"sha256": "0" * 64}
        served.node.finish_prepare(command, log=end)
        session.wake.set()
        await served.prepare_is(prepare_id, status="succeeded")
        await until(lambda: len(session.rewound) == 2, what="being asked twice more")
        await session.socket.send('{"v": 1, "type": "node:surprise", "payload": {}}')
        await until(lambda: session.refused, what="the link going on")
        assert not served.node.settled
    seen = await served.get(f"/api/prepares/{prepare_id}")
    assert (seen["status"], seen["log"]["complete"]) == ("succeeded", False)


async def test_what_is_unmapped_while_its_prepare_goes_on_leaves_nothing_and_keeps_the_link(
    served: Served,
) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    prepare_id, binding_id = mapped["prepare"]["id"], mapped["binding"]["id"]
    stream = f"log/{prepare_id}"
    async with served.node.connected() as session:
        command = await served.command()
        served.node.add_log(command.payload.prepare_id, b"before\n" * 1000)
        session.wake.set()
        await until(lambda: served.node.acked.get(stream) == 7000, what="the log being stored")
        gone = await served.client.delete(
            f"/api/bindings/{binding_id}", headers=served.people.alice.headers
        )
        assert gone.status_code == 204
        served.node.add_log(command.payload.prepare_id, b"after\n" * 1000)
        session.wake.set()
        await until(lambda: served.node.acked.get(stream) == 13_000, what="the rest being acked")
        served.node.finish_prepare(command, status="error", reason="cancelled", message="called")
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams forgotten")
        assert session.close_code is None
        assert session.rewound == []
    async with served.runtime.store.read() as db:
        assert await count_bytes(db) == 0


async def test_what_is_unmapped_before_its_end_arrives_is_not_asked_for_again(
    served: Served,
) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.node.connected() as session:
        command = await served.command()
        served.node.add_log(command.payload.prepare_id, b"all of it\n" * 500)
        stream = f"log/{command.payload.prepare_id}"
        session.wake.set()
        await until(lambda: served.node.acked.get(stream) == 5000, what="the log being stored")
        await served.client.delete(
            f"/api/bindings/{mapped['binding']['id']}", headers=served.people.alice.headers
        )
        served.node.finish_prepare(command)
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams forgotten")
        assert session.rewound == []
    async with served.runtime.store.read() as db:
        assert await count_bytes(db) == 0


async def test_a_log_that_fills_the_quota_makes_the_oldest_one_go(served: Served) -> None:
    settings = replace(served.runtime.settings, log_quota_bytes=50_000)
    object.__setattr__(served.runtime, "settings", settings)  # the board was started with these
    ids: list[str] = []
    async with served.node.connected() as session:
        environment = await served.environment()
        mapped = await served.map(environment["id"])
        for number in range(2):
            if number:
                path = f"/api/bindings/{mapped['binding']['id']}/prepares"
                mapped = await served.post(path, {"force": True})
            ids.append(mapped["prepare"]["id"])
            command = await served.command(number)
            served.node.add_log(command.payload.prepare_id, b"0123456789" * 3000)
            served.node.finish_prepare(command)
            session.wake.set()
            await until(
                lambda wanted=2 + 2 * number: len(served.node.settled) == wanted, what="its streams"
            )

        async def oldest() -> Any:
            return await served.get(f"/api/prepares/{ids[0]}")

        async with asyncio.timeout(30):
            while (await oldest())["log"]["removedAt"] is None:  # noqa: ASYNC110 - a route is asked
                await asyncio.sleep(0.01)
    said = await served.log_of(ids[0])
    assert said.startswith(b"[openviber: this log of 29.3 KiB was removed on ")
    assert (await oldest())["log"]["bytes"] == 30_000
    assert await served.log_of(ids[1]) == b"0123456789" * 3000


async def test_an_end_without_a_log_settles_both_streams(served: Served) -> None:
    prepare_id, _ = await _prepare(served)
    async with served.node.connected() as session:
        command = await served.command()
        served.node.add_log(command.payload.prepare_id, b"")
        served.node.finish_prepare(command)
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert (await served.get(f"/api/prepares/{prepare_id}"))["log"]["bytes"] == 0


async def test_a_log_that_ends_after_its_last_record_is_waited_for(served: Served) -> None:
    prepare_id, stream = await _prepare(served)
    late: list[str] = []

    def logs_last(frames: list[str]) -> list[str]:
        if stream in served.node.acked or not late:
            late.extend(f for f in frames if "environment:log" in f)
            return [f for f in frames if "environment:log" not in f]
        return frames

    async with served.node.connected(wire=logs_last) as session:
        command = await served.command()
        served.node.add_log(command.payload.prepare_id, b"catching up\n" * 100)
        served.node.finish_prepare(command)
        session.wake.set()
        seen = await served.prepare_is(prepare_id, status="succeeded")
        assert seen["log"]["complete"] is False or served.node.settled
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(prepare_id) == b"catching up\n" * 100


async def test_a_batch_that_the_database_refused_is_asked_for_again_and_the_reply_is_kept(
    served: Served,
) -> None:
    prepare_id, stream = await _prepare(served)
    async with served.node.connected() as session:
        command = await served.command()
        await served.prepare_is(prepare_id, status="accepted")
        async with served.runtime.store.write() as db:
            await db.execute(sa.text("ALTER TABLE stream_cursors RENAME TO away"))
        served.node.add_log(command.payload.prepare_id, b"y" * 100_000)
        session.wake.set()
        stop = await served.post(f"/api/prepares/{prepare_id}/cancel", status=200)
        assert stop["cancelRequestedAt"] is not None
        await until(lambda: session.rewound or len(served.node.commands) == 2, what="the cancel")
        assert served.node.acked.get(stream, 0) == 0
        async with served.runtime.store.write() as db:
            await db.execute(sa.text("ALTER TABLE away RENAME TO stream_cursors"))
        served.node.finish_prepare(command, status="error", reason="cancelled", message="stopped")
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(prepare_id) == b"y" * 100_000
    async with served.runtime.store.read() as db:
        replies = (await db.execute(sa.select(col(Command.status)))).scalars().all()
    assert replies == ["accepted", "accepted"]
