"""What a node may know."""

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.secret import Secret
from openviber_app.services.node_config import build_config, queue_sync, sync_payload
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_a_configuration_holds_the_nodes_own_bindings_and_no_secret(
    runtime: Runtime, people: People
) -> None:
    secret = SecretChange(key="TOKEN", value=Secret("hunter2-secret"))
    mapped = await map_environment(runtime, people.alice, secrets=(secret,))
    await map_environment(runtime, people.bob)
    async with runtime.store.read() as db:
        config = await build_config(db, node_id=mapped.node.id)
        sync = await sync_payload(db, node_id=mapped.node.id)
    assert [b["id"] for b in config.bindings] == [str(mapped.binding.id)]
    assert [e["id"] for e in config.environments] == [str(mapped.environment.id)]
    assert "hunter2" not in str(config)
    assert "TOKEN" not in str(config)
    assert sync == {
        "version": config.version,
        "bindings": [
            {
                "binding_id": str(mapped.binding.id),
                "environment_id": str(mapped.environment.id),
            }
        ],
    }


async def test_the_version_changes_with_the_content_and_only_then(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    versions: list[str] = []
    for status in ("preparing", "preparing", "ready"):
        async with runtime.store.write() as db:
            (await db.get_one(Binding, mapped.binding.id)).status = status
        async with runtime.store.read() as db:
            versions.append((await build_config(db, node_id=mapped.node.id)).version)
    assert versions[0] == versions[1] != versions[2]


async def test_one_waiting_message_is_enough(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        first = await queue_sync(db, node_id=mapped.node.id, now=now)
        second = await queue_sync(db, node_id=mapped.node.id, now=now)
        assert first.id == second.id
        first.status = "sent"
        await db.flush()
        third = await queue_sync(db, node_id=mapped.node.id, now=now)
        assert third.id != first.id
