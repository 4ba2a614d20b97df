"""Every environment by node."""

import pytest

from openviber_app.domain.errors import NotFoundError
from openviber_app.services import bindings, mappings
from openviber_app.services.bindings import BindingDraft
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Environment
from tests.support.board import People
from tests.support.mapped import add_environment, claimed_node, map_environment


async def test_all_mappings_of_a_person_are_listed_with_their_last_prepares(
    runtime: Runtime, people: People
) -> None:
    first = await map_environment(runtime, people.alice, name="zebra")
    await map_environment(runtime, people.bob)
    other = await add_environment(runtime, people.alice, name="ant")
    await bindings.map_to_node(
        runtime,
        people.alice.actor,
        environment_id=other.id,
        draft=BindingDraft(node_id=first.node.id),
    )
    found = await mappings.list_mappings(runtime, people.alice.actor)
    assert [m.environment.name for m, _ in found] == ["ant", "zebra"]
    assert [prepare and prepare.attempt for _, prepare in found] == [1, 1]
    (only,) = await mappings.list_mappings(
        runtime, people.alice.actor, environment_id=first.environment.id
    )
    assert only[0].binding.id == first.binding.id


async def test_another_node_can_become_the_one_that_threads_go_to(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    node = await claimed_node(runtime, people.alice, name="attic")
    second = await bindings.map_to_node(
        runtime,
        people.alice.actor,
        environment_id=mapped.environment.id,
        draft=BindingDraft(node_id=node.id),
    )
    binding_id = second.mapping.binding.id
    await mappings.make_default(runtime, people.alice.actor, binding_id=binding_id)
    async with runtime.store.read() as db:
        row = await db.get_one(Environment, mapped.environment.id)
    assert row.default_binding_id == binding_id
    with pytest.raises(NotFoundError):
        await mappings.make_default(runtime, people.bob.actor, binding_id=binding_id)
