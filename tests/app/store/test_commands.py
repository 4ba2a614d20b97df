"""The outbox of commands."""

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store import commands
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_what_is_not_answered_is_listed_in_the_order_it_was_asked(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    node_id, now = mapped.node.id, runtime.clock.now()
    async with runtime.store.write() as db:
        added = [
            commands.add_command(
                db,
                command_id=new_id(),
                node_id=node_id,
                type="environment:sync",
                attempt=1,
                payload={},
                now=now,
            )
            for _ in range(3)
        ]
        added[1].status = "sent"
        added[2].status = "accepted"
    async with runtime.store.read() as db:
        waiting = await commands.list_undelivered(db, node_id=node_id)
        assert [row.id for row in waiting] == [
            mapped.prepare.command_id,
            added[0].id,
            added[1].id,
        ]
        about = await commands.list_open_for_binding(
            db, node_id=node_id, binding_id=mapped.binding.id
        )
        assert [row.id for row in about] == [mapped.prepare.command_id]
        pending = await commands.find_pending(db, node_id=node_id, type="environment:sync")
        assert pending is not None
        assert pending.id == added[0].id
        assert await commands.find_command(db, command_id=new_id()) is None
        sent = await commands.list_sent(db, command_ids=[row.id for row in added])
        assert [row.id for row in sent] == [added[1].id]
