import pytest

from openviber_app.domain.draft_values import VariableDraft
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.services import environments as service
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments
from openviber_app.store.tables import LogChunk, Prepare
from tests.support.board import People
from tests.support.environments import add_node, add_ready_binding, github_draft, secret


async def test_an_environment_is_found_by_its_owner_only(runtime: Runtime, people: People) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    made = (await service.create_environment(runtime, alice, github_draft())).row
    async with runtime.store.read() as db:
        own = await environments.get_environment(db, user_id=alice.user_id, environment_id=made.id)
        assert own.name == "Requests"
        for user_id, wanted in ((bob.user_id, made.id), (alice.user_id, new_id())):
            with pytest.raises(NotFoundError):
                await environments.get_environment(db, user_id=user_id, environment_id=wanted)
        assert await environments.list_environments(db, user_id=bob.user_id) == []


async def test_environments_come_by_name_and_variables_in_their_order(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    variables = (VariableDraft("Z", "1"), VariableDraft("A", "2"))
    for name in ("b", "a", "c"):
        draft = github_draft(name=name, variables=variables, secrets=(secret("S", "some-value"),))
        await service.create_environment(runtime, alice, draft)
    async with runtime.store.write() as db:
        rows = await environments.list_environments(db, user_id=alice.user_id)
        assert [row.name for row in rows] == ["a", "b", "c"]
        listed = await environments.list_variables(db, environment_id=rows[0].id)
        assert [item.key for item in listed] == ["Z", "A"]
        await environments.delete_variables(db, environment_id=rows[0].id)
        assert await environments.list_variables(db, environment_id=rows[0].id) == []
        assert len(await environments.list_variables(db, environment_id=rows[1].id)) == 2
        assert len(await environments.list_secrets(db, environment_id=rows[0].id)) == 1


async def test_bindings_come_with_their_nodes_for_many_environments_at_once(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    ids = [
        (await service.create_environment(runtime, alice, github_draft(name=name))).row.id
        for name in ("a", "b")
    ]
    node = await add_node(runtime, user_id=alice.user_id)
    for environment_id in ids:
        await add_ready_binding(runtime, environment_id=environment_id, node_id=node.id)
    async with runtime.store.read() as db:
        both = await environments.list_bindings_with_nodes(db, environment_ids=ids)
        one = await environments.list_bindings_with_nodes(db, environment_ids=ids[:1])
        none = await environments.list_bindings_with_nodes(db, environment_ids=[])
    assert {binding.environment_id for binding, _ in both} == set(ids)
    assert {found.id for _, found in both} == {node.id}
    assert (len(one), len(none)) == (1, 0)


async def test_logs_of_one_environment_go_and_others_stay(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    node = await add_node(runtime, user_id=alice.user_id)
    prepares: list[Prepare] = []
    for name in ("a", "b"):
        made = (await service.create_environment(runtime, alice, github_draft(name=name))).row
        binding = await add_ready_binding(runtime, environment_id=made.id, node_id=node.id)
        prepares.append(
            Prepare(
                binding_id=binding.id,
                command_id=new_id(),
                attempt=1,
                created_at=runtime.clock.now(),
            )
        )
    async with runtime.store.write() as db:
        for prepare in prepares:
            db.add(prepare)
            db.add(LogChunk(execution_id=prepare.id, offset=0, data=b"x"))
    first = (await service.list_environments(runtime, alice))[0][0]
    async with runtime.store.write() as db:
        await environments.delete_logs(db, environment_id=first.id)
    async with runtime.store.read() as db:
        assert await db.get(LogChunk, (prepares[0].id, 0)) is None
        assert await db.get(LogChunk, (prepares[1].id, 0)) is not None
