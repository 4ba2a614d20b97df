"""Bindings are found with both of their ends, by their owner."""

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_a_binding_is_found_by_its_owner_only(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    await map_environment(runtime, people.bob)
    alice, bob = people.alice.actor.user_id, people.bob.actor.user_id
    binding_id, environment_id = mapped.binding.id, mapped.environment.id
    async with runtime.store.read() as db:
        found = await bindings.find_mapping(db, user_id=alice, binding_id=binding_id)
        assert found is not None
        assert (found.environment.id, found.node.id) == (environment_id, mapped.node.id)
        assert await bindings.find_mapping(db, user_id=bob, binding_id=binding_id) is None
        assert await bindings.find_any_mapping(db, binding_id=binding_id) is not None
        assert await bindings.find_any_mapping(db, binding_id=new_id()) is None
        asked = {"environment_id": environment_id}
        assert await bindings.find_environment(db, user_id=alice, **asked) is not None
        assert await bindings.find_environment(db, user_id=bob, **asked) is None
        of_environment = await bindings.list_of_environment(db, environment_id=environment_id)
        of_node = await bindings.list_of_node(db, node_id=mapped.node.id)
        assert [m.binding.id for m in of_environment] == [binding_id]
        assert [m.binding.id for m in of_node] == [binding_id]
        between = await bindings.find_mapping_between(
            db, environment_id=environment_id, node_id=mapped.node.id
        )
        assert between is not None
        assert await bindings.list_open_runs(db, binding_id=binding_id) == []
