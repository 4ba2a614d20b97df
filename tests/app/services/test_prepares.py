"""What a person does with an attempt; what nodes tell of it is in test_prepare_reports.py."""

import pytest

from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.services import prepares
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Command, Node
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_attempts_are_shown_to_their_owner_only(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    prepare_id, binding_id = mapped.prepare.id, mapped.binding.id
    prepare, mapping = await prepares.get_prepare(
        runtime, people.alice.actor, prepare_id=prepare_id
    )
    assert (prepare.id, mapping.binding.id) == (prepare_id, binding_id)
    _, rows = await prepares.list_prepares(runtime, people.alice.actor, binding_id=binding_id)
    assert [row.id for row in rows] == [prepare_id]
    with pytest.raises(NotFoundError):
        await prepares.get_prepare(runtime, people.bob.actor, prepare_id=prepare_id)
    with pytest.raises(NotFoundError):
        await prepares.list_prepares(runtime, people.bob.actor, binding_id=binding_id)


async def test_giving_up_needs_a_node_that_is_away(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    asked = {"prepare_id": mapped.prepare.id}
    with pytest.raises(ConflictError, match="cancel it instead"):
        await prepares.give_up(runtime, people.alice.actor, **asked)
    async with runtime.store.write() as db:
        (await db.get_one(Command, mapped.prepare.command_id)).status = "sent"
        (await db.get_one(Node, mapped.node.id)).is_connected = True
    with pytest.raises(ConflictError, match="is connected"):
        await prepares.give_up(runtime, people.alice.actor, **asked)
    async with runtime.store.write() as db:
        (await db.get_one(Node, mapped.node.id)).is_connected = False
    with pytest.raises(NotFoundError):
        await prepares.give_up(runtime, people.bob.actor, **asked)
    prepare, mapping = await prepares.give_up(runtime, people.alice.actor, **asked)
    assert (prepare.status, mapping.binding.status) == ("lost", "error")
    with pytest.raises(ConflictError, match="already ended: lost"):
        await prepares.cancel(runtime, people.alice.actor, **asked)
    async with runtime.store.read() as db:
        command = await db.get_one(Command, mapped.prepare.command_id)
        assert command.status == "withdrawn"
