"""Commands on their way to a node, with their secrets sealed at each sending."""

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from sqlmodel import col

from openviber_app.store.tables import Command, EnvironmentSecret
from openviber_protocol.frames import EnvironmentPrepare, KeysRotate
from tests.app.hub.conftest import Served

SECRET = {"key": "TOKEN", "value": "hunter2-secret", "scope": "setup"}


async def test_secrets_travel_sealed_to_this_node_and_connection_only(served: Served) -> None:
    environment = await served.environment(secrets=[SECRET])
    await served.map(environment["id"])
    async with served.node.connected() as session:
        command = await served.command()
        opened = served.node.open_bundle(command, session.peer.nonce)
        assert opened == {
            "secrets": {"TOKEN": {"value": "hunter2-secret", "scope": "setup"}},
            "git": None,
        }
        with pytest.raises(InvalidSignature):  # it binds the nonce, and is checked first
            served.node.open_bundle(command, "another connection's nonce")
    assert [(s.name, s.scope) for s in command.payload.spec.secrets] == [("TOKEN", "setup")]
    async with served.runtime.store.read() as db:
        stored = (await db.execute(sa.select(col(Command.payload)))).scalars().all()
    assert "hunter2" not in str(stored)
    assert "ciphertext" not in str(stored)


def _without_replies(frames: list[str]) -> list[str]:
    return [frame for frame in frames if '"node:ack"' not in frame]


async def test_a_redelivery_is_sealed_anew(served: Served) -> None:
    environment = await served.environment(secrets=[SECRET])
    await served.map(environment["id"])
    async with served.node.connected(wire=_without_replies) as session:
        first = await served.command()
        assert served.node.open_bundle(first, session.peer.nonce)["secrets"]
    async with served.node.connected() as session:
        second = await served.command(1)
        assert served.node.open_bundle(second, session.peer.nonce)["secrets"]
    assert second.command_id == first.command_id
    assert second.payload.bundle.ciphertext != first.payload.bundle.ciphertext


async def test_nothing_is_sent_without_a_secret_that_does_not_open(served: Served) -> None:
    environment = await served.environment(secrets=[SECRET])
    mapped = await served.map(environment["id"])
    async with served.runtime.store.write() as db:
        await db.execute(sa.update(EnvironmentSecret).values(encrypted_value=b"\x01broken"))
    async with served.node.connected():
        seen = await served.prepare_is(mapped["prepare"]["id"], status="failed")
    assert seen["reason"] == "refused"
    assert "TOKEN" in seen["message"]
    assert served.node.commands == []


async def test_what_was_edited_while_the_node_was_away_is_what_it_gets(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    changed = await served.client.put(
        f"/api/environments/{environment['id']}",
        json={
            "name": "library",
            "type": "manual",
            "setupMode": "manual",
            "setupScript": "echo newer",
        },
        headers=served.people.alice.headers,
    )
    assert changed.status_code == 200, changed.text
    async with served.node.connected() as session:
        command = await served.command()
        assert command.payload.spec.setup.script == "echo newer"
        served.node.finish_prepare(command)
        session.wake.set()
        await served.prepare_is(mapped["prepare"]["id"], status="succeeded")
    binding = await served.get(f"/api/bindings/{mapped['binding']['id']}")
    assert binding["status"] == "ready"


async def test_what_is_edited_during_the_prepare_makes_the_binding_stale_by_name(
    served: Served,
) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.node.connected() as session:
        command = await served.command()
        await served.prepare_is(mapped["prepare"]["id"], status="accepted")
        await served.client.put(
            f"/api/environments/{environment['id']}",
            json={
                "name": "library",
                "type": "manual",
                "setupMode": "manual",
                "setupScript": "echo newer",
                "variables": [{"key": "COLOUR", "value": "blue"}],
            },
            headers=served.people.alice.headers,
        )
        served.node.finish_prepare(command)
        session.wake.set()
        await served.prepare_is(mapped["prepare"]["id"], status="succeeded")
    binding = await served.get(f"/api/bindings/{mapped['binding']['id']}")
    assert binding["status"] == "stale"
    assert binding["staleReasons"] == ["setup script", "variable COLOUR"]


async def test_a_cancelled_prepare_that_waits_is_never_sent(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    cancelled = await served.post(f"/api/prepares/{mapped['prepare']['id']}/cancel", status=200)
    assert cancelled["status"] == "cancelled"
    async with served.node.connected():
        again = await served.post(f"/api/bindings/{mapped['binding']['id']}/prepares")
        command = await served.command()
    assert str(command.payload.prepare_id) == again["prepare"]["id"]
    assert again["prepare"]["attempt"] == 2


async def test_a_running_prepare_is_cancelled_by_asking_the_node(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    prepare_id = mapped["prepare"]["id"]
    async with served.node.connected() as session:
        command = await served.command()
        await served.prepare_is(prepare_id, status="accepted")
        asked = await served.post(f"/api/prepares/{prepare_id}/cancel", status=200)
        assert asked["status"] == "accepted"
        assert asked["cancelRequestedAt"] is not None
        await served.post(f"/api/prepares/{prepare_id}/cancel", status=200)
        stop = await served.command(1)
        assert stop.type == "environment:cancel"
        assert stop.payload.prepare_id == command.payload.prepare_id
        served.node.finish_prepare(
            command, status="error", reason="cancelled", message="stopped by a person"
        )
        session.wake.set()
        await served.prepare_is(prepare_id, status="cancelled")
        assert len(served.node.commands) == 2
    binding = await served.get(f"/api/bindings/{mapped['binding']['id']}")
    assert (binding["status"], binding["lastError"]) == ("error", "stopped by a person")


async def test_a_nodes_no_fails_the_prepare_in_its_words(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])
    async with served.runtime.store.read() as db:
        command_id = (await db.execute(sa.select(col(Command.id)))).scalars().one()
    served.node.replies[(command_id, 1)] = (False, "the disk of this node is full")
    async with served.node.connected():
        seen = await served.prepare_is(mapped["prepare"]["id"], status="failed")
    assert (seen["reason"], seen["message"]) == ("refused", "the disk of this node is full")


async def test_what_waits_for_a_drained_node_is_sent_when_it_is_resumed(served: Served) -> None:
    environment = await served.environment()
    mapped = await served.map(environment["id"])  # asked of it before it was drained
    path = f"/api/nodes/{served.node.node_id}"
    await served.post(f"{path}/drain", status=200)
    async with served.node.connected():
        await served.post(f"{path}/rotate-key", status=200)  # what begins no work still comes
        assert isinstance(await served.command(), KeysRotate)
        shown = await served.get(f"/api/prepares/{mapped['prepare']['id']}")
        assert (shown["status"], shown["waitsFor"]) == ("queued", "studio-01")
        assert shown["nodeDrained"]
        await served.post(f"{path}/resume", status=200)
        assert isinstance(await served.command(1), EnvironmentPrepare)
        await served.prepare_is(mapped["prepare"]["id"], status="accepted", waitsFor=None)
