"""The truth about a link is that of the newest session."""

from openviber_app.services import links
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Node
from tests.support.board import People
from tests.support.mapped import claimed_node

ARRIVAL = links.Arrival(boot_id="b", daemon_version="0.1.0", capabilities={"os": "linux"})


async def test_an_older_sessions_end_does_not_hide_a_newer_one(
    runtime: Runtime, people: People
) -> None:
    node_id = (await claimed_node(runtime, people.alice)).id
    now = runtime.clock.now()
    for epoch in (1, 2):
        async with runtime.store.write() as db:
            node = await db.get_one(Node, node_id)
            await links.connect(db, node, ARRIVAL, now=now)
            assert node.epoch == epoch
    for epoch, connected in [(1, True), (2, False)]:
        await links.disconnect(runtime, node_id=node_id, epoch=epoch, last_seen_at=now)
        async with runtime.store.read() as db:
            assert (await db.get_one(Node, node_id)).is_connected is connected


async def test_a_heartbeat_brings_the_load(runtime: Runtime, people: People) -> None:
    node_id = (await claimed_node(runtime, people.alice)).id
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        moved = await links.heard(db, node_id=node_id, load={"running": 2}, at=now)
    assert [a.topic for a in moved] == [f"user:{people.alice.actor.user_id}"]
    async with runtime.store.read() as db:
        node = await db.get_one(Node, node_id)
        assert (node.load, node.last_seen_at) == ({"running": 2}, now)


async def test_at_the_start_nobody_is_connected(runtime: Runtime, people: People) -> None:
    node_id = (await claimed_node(runtime, people.alice)).id
    async with runtime.store.write() as db:
        node = await db.get_one(Node, node_id)
        await links.connect(db, node, ARRIVAL, now=runtime.clock.now())
    await links.reset_all(runtime)
    async with runtime.store.read() as db:
        assert not (await db.get_one(Node, node_id)).is_connected
