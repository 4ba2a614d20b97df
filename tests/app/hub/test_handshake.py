"""What a hello settles: what was taken, what is gone, what is no longer wanted."""

from uuid import UUID

import sqlalchemy as sa

from openviber_app.domain.ids import new_id
from openviber_protocol.payloads import RunningExecution
from tests.app.hub.conftest import Served
from tests.support.fake_node import until


async def _accepted(served: Served) -> tuple[object, UUID]:
    """Map, and have the node take the prepare; the link is down again afterwards."""
    environment = await served.environment()
    await served.map(environment["id"])
    async with served.node.connected():
        command = await served.command()
        await served.prepare_is(str(command.payload.prepare_id), status="accepted")
    await served.node_becomes("unreachable")
    return command, command.payload.prepare_id


async def test_what_a_hello_no_longer_lists_was_interrupted(served: Served) -> None:
    _, prepare_id = await _accepted(served)
    async with served.node.connected():
        seen = await served.prepare_is(str(prepare_id), status="interrupted")
    assert "no longer knows" in seen["message"]
    binding = await served.get(f"/api/bindings/{seen['bindingId']}")
    assert binding["status"] == "error"
    assert len(served.node.commands) == 1  # nothing is run again by itself


async def test_what_a_hello_lists_goes_on(served: Served) -> None:
    command, prepare_id = await _accepted(served)
    served.node.running.append(
        RunningExecution(
            execution_id=prepare_id,
            kind="prepare",
            command_id=command.command_id,  # type: ignore[attr-defined]
            attempt=1,
        )
    )
    async with served.node.connected() as session:
        assert session.welcome is not None
        assert session.welcome.payload.superseded == ()
        assert (await served.get(f"/api/prepares/{prepare_id}"))["status"] == "accepted"


async def test_what_still_has_events_to_send_is_not_called_interrupted(served: Served) -> None:
    command, prepare_id = await _accepted(served)
    served.node.finish_prepare(command)  # type: ignore[arg-type]
    async with served.node.connected():
        await served.prepare_is(str(prepare_id), status="succeeded")


async def test_a_lost_reply_is_made_good_by_the_hello(served: Served) -> None:
    environment = await served.environment()
    await served.map(environment["id"])

    def no_replies(frames: list[str]) -> list[str]:
        return [frame for frame in frames if '"node:ack"' not in frame]

    async with served.node.connected(wire=no_replies):
        command = await served.command()
    await served.node_becomes("unreachable")
    prepare_id = command.payload.prepare_id
    assert (await served.get(f"/api/prepares/{prepare_id}"))["status"] == "queued"
    served.node.running.append(
        RunningExecution(
            execution_id=prepare_id, kind="prepare", command_id=command.command_id, attempt=1
        )
    )
    async with served.node.connected():
        await served.prepare_is(str(prepare_id), status="accepted")
        await served.post(f"/api/prepares/{prepare_id}/cancel", status=200)
        await served.command(1)  # what came after it arrives, so it was not sent again
    types = [command.type for command in served.node.commands]
    assert types == ["environment:prepare", "environment:cancel"]


async def test_a_command_that_never_arrived_is_sent_again(served: Served) -> None:
    environment = await served.environment()
    await served.map(environment["id"])
    async with served.node.connected(wire=lambda frames: [f for f in frames if "ack" not in f]):
        first = await served.command()
    served.node.commands.clear()  # the machine lost power before it wrote anything
    served.node.replies.clear()
    await served.node_becomes("unreachable")
    async with served.node.connected():
        again = await served.command()
        await served.prepare_is(str(first.payload.prepare_id), status="accepted")
    assert (again.command_id, again.attempt) == (first.command_id, first.attempt)


async def test_a_given_up_prepare_is_superseded_and_its_late_end_kept_as_evidence(
    served: Served,
) -> None:
    command, prepare_id = await _accepted(served)
    lost = await served.post(f"/api/prepares/{prepare_id}/lost", status=200)
    assert lost["status"] == "lost"
    served.node.running.append(
        RunningExecution(
            execution_id=prepare_id,
            kind="prepare",
            command_id=command.command_id,  # type: ignore[attr-defined]
            attempt=1,
        )
    )
    async with served.node.connected() as session:
        assert session.welcome is not None
        assert session.welcome.payload.superseded == (prepare_id,)
        served.node.add_log(prepare_id, b"late\n")
        served.node.finish_prepare(command)  # type: ignore[arg-type]
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    seen = await served.get(f"/api/prepares/{prepare_id}")
    assert seen["status"] == "lost"
    assert seen["receipt"]["lateResult"]["status"] == "ready"
    assert seen["log"]["complete"] is True
    binding = await served.get(f"/api/bindings/{seen['bindingId']}")
    assert binding["status"] == "error"


async def test_work_of_a_deleted_environment_is_called_off_and_forgotten(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.node.connected():
        command = await served.command()
        prepare_id = command.payload.prepare_id
        await served.prepare_is(str(prepare_id), status="accepted")
    gone = await served.client.delete(
        f"/api/bindings/{mapped['binding']['id']}", headers=served.people.alice.headers
    )
    assert gone.status_code == 204
    served.node.add_log(prepare_id, b"nobody's\n")
    served.node.add_record(prepare_id, "environment:status", served.node.prepare_status(command))
    served.node.running.append(
        RunningExecution(
            execution_id=prepare_id, kind="prepare", command_id=command.command_id, attempt=1
        )
    )
    async with served.node.connected() as session:
        assert session.welcome is not None
        assert session.welcome.payload.superseded == (prepare_id,)
        served.node.finish_prepare(
            command, status="error", reason="cancelled", message="called off"
        )
        session.wake.set()
        await until(lambda: len(served.node.settled) == 2, what="both streams forgotten")
        await served.command(2)
        types = [c.type for c in served.node.commands]
        assert types == ["environment:prepare", "environment:cancel", "environment:sync"]
    assert await served.log_of(prepare_id) != b"nobody's\n"


async def test_a_stream_of_somebody_elses_execution_is_stored_nowhere(served: Served) -> None:
    stranger = new_id()
    served.node.add_log(stranger, b"x" * 1000)
    async with served.node.connected():
        await until(lambda: f"log/{stranger}" in served.node.settled, what="it being forgotten")
    later = new_id()
    async with served.node.connected() as session:
        served.node.add_log(later, b"y" * 1000)
        session.wake.set()
        await until(lambda: served.node.acked.get(f"log/{later}") == 1000, what="its ack")


async def test_a_node_whose_disk_lost_its_tail_starts_that_log_again(served: Served) -> None:
    command, prepare_id = await _accepted(served)
    stream = f"log/{prepare_id}"
    served.node.add_log(prepare_id, b"0123456789" * 100)
    async with served.node.connected():
        await until(lambda: served.node.acked.get(stream) == 1000, what="the log's ack")
    del served.node.logs[stream][700:]
    served.node.acked[stream] = 700
    served.node.add_log(prepare_id, b"other bytes")
    del served.node.logs[stream][705:]
    served.node.finish_prepare(command)  # type: ignore[arg-type]
    async with served.node.connected():
        await until(lambda: len(served.node.settled) == 2, what="both streams settled")
    assert await served.log_of(prepare_id) == bytes(served.node.logs[stream])


async def test_a_restored_board_passes_over_records_that_its_node_has_thrown_away(
    served: Served,
) -> None:
    mapped = await served.map((await served.environment())["id"])
    path = f"/api/bindings/{mapped['binding']['id']}"

    def count(ready: int) -> None:
        counts = {"bindingId": mapped["binding"]["id"], "ready": ready, "claimed": 0}
        served.node.add_control("environment:slots", {"slots": counts})

    count(3)
    count(4)
    async with served.node.connected():
        await until(lambda: served.node.acked.get("control") == 2, what="both acks")
    await served.node_becomes("unreachable")
    async with served.runtime.store.write() as db:  # what an older copy of the database has
        await db.execute(sa.text("DELETE FROM stream_cursors WHERE stream = 'control'"))
    for ready in (5, 6):
        count(ready)
        async with served.node.connected() as session:
            await served.becomes(path, slots={"ready": ready, "claimed": 0})
            assert session.rewound == []
        await served.node_becomes("unreachable")
