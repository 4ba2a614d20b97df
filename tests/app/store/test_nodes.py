"""Nodes belong to a person, and their one-time tokens work once."""

from datetime import timedelta

from openviber_app.services import nodes as service
from openviber_app.services.runtime import Runtime
from openviber_app.store import nodes
from openviber_app.store.tables import Node
from openviber_app.vault.tokens import hash_token
from tests.support.board import People
from tests.support.mapped import claimed_node, map_environment


async def test_a_one_time_token_is_spent_once_and_only_in_its_time(
    runtime: Runtime, people: People
) -> None:
    made = await service.make_token(runtime, people.alice.actor, name="one")
    hashed, now = hash_token(made.token), runtime.clock.now()
    async with runtime.store.write() as db:
        late = now + timedelta(minutes=16)
        assert await nodes.use_onboard_token(db, token_hash=hashed, now=late) is None
        assert await nodes.use_onboard_token(db, token_hash="other", now=now) is None
        assert await nodes.use_onboard_token(db, token_hash=hashed, now=now) == made.node_id
        assert await nodes.use_onboard_token(db, token_hash=hashed, now=now) is None
        kept = await nodes.find_onboard_token(db, token_hash=hashed)
        assert kept is not None
        assert made.token not in repr(kept)


async def test_a_node_is_found_by_its_owner_only(runtime: Runtime, people: People) -> None:
    node = await claimed_node(runtime, people.alice)
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    async with runtime.store.read() as db:
        assert await nodes.find_node(db, user_id=alice, node_id=node.id) is not None
        assert await nodes.find_node(db, user_id=bob, node_id=node.id) is None
        assert [n.id for n in await nodes.list_nodes(db, user_id=alice)] == [node.id]
        assert await nodes.list_nodes(db, user_id=bob) == []
        hashed = hash_token("ov_node_studio-01_Alice")
        assert (await nodes.find_node_by_token(db, token_hash=hashed)) is not None
        taken = {"user_id": alice, "name": "studio-01"}
        assert not await nodes.is_name_taken(db, **taken, except_id=node.id)
        assert await nodes.is_name_taken(db, **taken, except_id=people.bob.actor.user_id)


async def test_open_work_is_counted_for_each_node(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    idle = await claimed_node(runtime, people.alice, name="idle")
    async with runtime.store.read() as db:
        counts = await nodes.count_work(db, node_ids=[mapped.node.id, idle.id])
        assert counts[mapped.node.id] == {"bindings": 1, "prepares": 1, "runs": 0}
        assert counts[idle.id] == {"bindings": 0, "prepares": 0, "runs": 0}
        assert await nodes.list_open_runs(db, node_id=idle.id) == []


async def test_links_are_reset_when_the_board_starts(runtime: Runtime, people: People) -> None:
    node = await claimed_node(runtime, people.alice)
    async with runtime.store.write() as db:
        (await db.get_one(Node, node.id)).is_connected = True
    async with runtime.store.write() as db:
        await nodes.reset_links(db, now=runtime.clock.now())
    async with runtime.store.read() as db:
        row = await db.get_one(Node, node.id)
        assert not row.is_connected
        assert row.link_changed_at is not None
