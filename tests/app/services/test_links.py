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
        await links.disconnect(
            runtime, node_id=node_id, epoch=epoch, last_seen_at=now, reason="it was stopped"
        )
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


async def test_the_last_end_of_a_link_is_kept_until_it_is_there_again(
    runtime: Runtime, people: People
) -> None:
    node_id = (await claimed_node(runtime, people.alice)).id
    now = runtime.clock.now()

    async def reason() -> str:
        async with runtime.store.read() as db:
            return (await db.get_one(Node, node_id)).link_reason

    async with runtime.store.write() as db:
        await links.connect(db, await db.get_one(Node, node_id), ARRIVAL, now=now)
    await links.refuse(runtime, node_id=node_id, reason="an impostor")
    assert await reason() == ""  # who is connected is not spoken of by another
    ended = {"node_id": node_id, "epoch": 1, "last_seen_at": now}
    await links.disconnect(runtime, **ended, reason="it was stopped")
    assert await reason() == "it was stopped"
    with runtime.bus.listening(f"user:{people.alice.actor.user_id}") as listener:
        await links.refuse(runtime, node_id=node_id, reason="its keys are others")
        assert listener.wake.is_set()
        listener.take()
        await links.refuse(runtime, node_id=node_id, reason="its keys are others")
        assert not listener.wake.is_set()
    assert await reason() == "its keys are others"
    async with runtime.store.write() as db:
        await links.connect(db, await db.get_one(Node, node_id), ARRIVAL, now=now)
    assert await reason() == ""
