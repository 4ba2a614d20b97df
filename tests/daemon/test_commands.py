import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openviber_protocol.frames import EnvironmentCancel, EnvironmentSync, ThreadArchive
from tests.support.fake_hub import twice
from tests.support.node_process import hub_and_node, prepare, submit


def envelope(**payload: Any) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "ts": datetime.now(UTC),
        "command_id": uuid.uuid4(),
        "attempt": 1,
        "payload": payload,
    }


async def test_a_sync_pulls_the_configuration(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        await hub.until(lambda: hub.config_requests == 1, "a pull after the welcome")
        hub.config = {"environments": [], "bindings": [], "version": "v2"}
        frame = EnvironmentSync.model_validate(envelope(version="v2", bindings=[]))
        await hub.command(frame)
        await hub.until(lambda: hub.replies_to(frame.command_id), "a reply")
        assert hub.replies_to(frame.command_id)[0].accepted
        assert '"v2"' in node.home.board_config_file.read_text()
        await hub.drop()
        await hub.until(lambda: len(hub.hellos) == 2, "another hello")
        assert hub.hellos[-1].payload.config_version == "v2"


async def test_an_archive_is_done_once_and_tells_the_slots(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, _):
        hub.to_node = twice
        frame = ThreadArchive.model_validate(
            envelope(thread_id=uuid.uuid4(), environment_id=uuid.uuid4(), binding_id=uuid.uuid4())
        )
        await hub.command(frame)
        await hub.until(lambda: hub.replies_to(frame.command_id), "a reply")
        await hub.until(lambda: hub.records.get("control"), "the slots")
        await hub.command(frame)
        await hub.until(lambda: len(hub.replies_to(frame.command_id)) > 1, "a second reply")
        assert [record["type"] for record in hub.records["control"]] == ["environment:slots"]


async def test_a_prepare_can_be_cancelled(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = prepare("echo here; sleep 300", node.work)
        prepare_id = frame.payload.prepare_id
        await hub.command(frame)
        await hub.until(lambda: b"here\n" in hub.log(prepare_id), "its output")
        await hub.command(EnvironmentCancel.model_validate(envelope(prepare_id=prepare_id)))
        await hub.until(lambda: prepare_id in hub.settled, "the end")
        final = hub.final(prepare_id)
        assert final is not None
        assert (final["payload"]["status"], final["payload"]["reason"]) == ("error", "cancelled")


async def test_another_command_cannot_take_over_an_execution(tmp_path: Path) -> None:
    async with hub_and_node(tmp_path) as (hub, node):
        frame = submit("echo here; sleep 2", folder=node.work)
        await hub.command(frame)
        await hub.until(lambda: hub.replies, "a reply")
        other = frame.model_copy(update={"command_id": uuid.uuid4()})
        await hub.command(other)
        await hub.until(lambda: hub.replies_to(other.command_id), "a refusal")
        assert not hub.replies_to(other.command_id)[0].accepted
