"""A node's link, with a real socket on both sides."""

import hashlib

from tests.app.hub.conftest import Served
from tests.support.fake_node import until


async def test_a_prepare_goes_to_the_node_and_its_end_comes_back(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    prepare_id = mapped["prepare"]["id"]
    assert mapped["prepare"]["waitsFor"] == "studio-01"
    assert mapped["binding"]["status"] == "preparing"
    async with served.node.connected() as session:
        command = await until(lambda: served.node.commands, what="the command")
        await served.prepare_is(prepare_id, status="accepted", waitsFor=None)
        execution_id = command[0].payload.prepare_id
        served.node.add_log(execution_id, b"hello\n" * 1000)
        served.node.add_record(
            execution_id,
            "environment:status",
            served.node.prepare_status(command[0], phase="setup"),
        )
        session.wake.set()
        await served.prepare_is(prepare_id, status="running", phase="setup")
        served.node.finish_prepare(command[0])
        session.wake.set()
        done = await served.prepare_is(prepare_id, status="succeeded")
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    done = await served.get(f"/api/prepares/{prepare_id}")
    assert done["log"]["complete"] is True
    assert done["log"]["bytes"] == 6000
    stored = await served.client.get(
        f"/api/prepares/{prepare_id}/log", headers=served.people.alice.headers
    )
    assert hashlib.sha256(stored.content).hexdigest() == done["log"]["sha256"]
    binding = await served.get(f"/api/bindings/{mapped['binding']['id']}")
    assert binding["status"] == "ready"
    assert binding["slots"] == {"ready": 1, "claimed": 0}
    assert binding["isDefault"] is True


async def test_frames_that_arrive_twice_are_stored_once(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.node.connected(wire=lambda frames: frames * 2) as session:
        command = await served.command()
        execution_id = command.payload.prepare_id
        for number in range(50):
            served.node.add_log(execution_id, f"line {number}\n".encode())
            session.wake.set()
        served.node.finish_prepare(command)
        await served.prepare_is(mapped["prepare"]["id"], status="succeeded")
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(execution_id) == bytes(served.node.logs[f"log/{execution_id}"])


async def test_frames_out_of_order_are_asked_for_again_until_the_log_is_whole(
    served: Served,
) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    held: list[str] = []

    def backwards(frames: list[str]) -> list[str]:
        """Turn every five stream frames around; the node's resend brings what is left over."""
        out: list[str] = []
        for frame in frames:
            if '"stream"' not in frame:
                out.append(frame)
                continue
            held.append(frame)
            if len(held) == 5:
                out += reversed(held)
                held.clear()
        return out

    async with served.node.connected(wire=backwards) as session:
        command = await served.command()
        execution_id = command.payload.prepare_id
        for number in range(40):
            served.node.add_log(execution_id, bytes([65 + number % 26]) * 9000)
            if number % 10 == 0:
                served.node.add_record(
                    execution_id, "environment:status", served.node.prepare_status(command)
                )
        served.node.finish_prepare(command)
        session.wake.set()
        await served.prepare_is(mapped["prepare"]["id"], status="succeeded")
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(execution_id) == bytes(served.node.logs[f"log/{execution_id}"])


async def test_a_cut_link_resumes_where_the_store_is(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.node.connected():
        command = await served.command()
        execution_id = command.payload.prepare_id
        served.node.add_log(execution_id, b"a" * 100_000)
        await until(
            lambda: served.node.acked.get(f"log/{execution_id}") == 100_000, what="the first part"
        )
    await served.node_becomes("unreachable")
    assert (await served.get(f"/api/prepares/{execution_id}"))["status"] == "accepted"
    served.node.add_log(execution_id, b"b" * 100_000)
    served.node.finish_prepare(command)
    async with served.node.connected():
        await served.node_becomes("connected")
        await served.prepare_is(mapped["prepare"]["id"], status="succeeded")
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(execution_id) == b"a" * 100_000 + b"b" * 100_000
    assert len(served.node.commands) == 1


async def test_a_silent_node_is_hung_up_on_and_shown_as_unreachable(served: Served) -> None:
    async with served.node.connected(heartbeat=False) as session:
        await served.node_becomes("connected")
        assert await session.closed() == 1001
        assert "nothing was heard" in session.close_reason
        seen = await served.node_becomes("unreachable")
    assert seen["linkChangedAt"] >= seen["lastSeenAt"]


async def test_a_corrupt_frame_ends_the_link_and_stores_nothing_of_it(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.node.connected() as session:
        command = await served.command()
        execution_id = command.payload.prepare_id
        await session.socket.send('{"type": "environment:log", "payl')
        assert await session.closed() == 4400
    assert await served.log_of(execution_id) == b""
    served.node.finish_prepare(command)
    async with served.node.connected():
        await served.prepare_is(mapped["prepare"]["id"], status="succeeded")


async def test_an_unknown_type_is_answered_and_the_link_goes_on(served: Served) -> None:
    async with served.node.connected() as session:
        await session.socket.send('{"v": 1, "type": "node:surprise", "payload": {}}')
        await until(lambda: session.refused, what="an error reply")
        assert session.refused[0].payload.type_name == "node:surprise"
        await session.socket.send('{"v": 1, "type": "node:surprise", "payload": {}}')
        await until(lambda: len(session.refused) == 2, what="another one")
        assert session.close_code is None


async def test_a_removed_node_is_hung_up_on_with_4403(served: Served) -> None:
    async with served.node.connected() as session:
        gone = await served.client.delete(
            f"/api/nodes/{served.node.node_id}", headers=served.people.alice.headers
        )
        assert gone.status_code == 204
        assert await session.closed() == 4403
    async with served.node.dialled() as session:
        assert await session.closed() == 4401


async def test_a_graceful_stop_says_1012_and_turns_no_status_over(served: Served) -> None:
    environment = await served.environment()
    await served.map(environment["id"])
    async with served.node.connected() as session:
        command = await served.command()
        await served.prepare_is(str(command.payload.prepare_id), status="accepted")
        await served.server.hub.stop()
        assert await session.closed() == 1012
    node = await served.get(f"/api/nodes/{served.node.node_id}")
    assert node["link"] == "unreachable"
    seen = await served.get(f"/api/prepares/{command.payload.prepare_id}")
    assert seen["status"] == "accepted"
