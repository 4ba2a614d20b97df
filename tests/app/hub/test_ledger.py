"""What a connection knows of its node's streams."""

from openviber_app.domain.ids import new_id
from openviber_app.hub.ledger import Ledger
from openviber_app.services.runtime import Runtime
from openviber_app.store.cursors import CursorMove, move_cursors, settle
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_an_execution_of_another_node_is_nobodys(runtime: Runtime, people: People) -> None:
    ours = await map_environment(runtime, people.alice)
    theirs = await map_environment(runtime, people.bob)
    ledger = Ledger(ours.node.id)
    streams = [f"log/{ours.prepare.id}", f"log/{theirs.prepare.id}", f"log/{new_id()}", "control"]
    async with runtime.store.read() as db:
        await ledger.learn(db, streams)
    assert [ledger.is_ours(stream) for stream in streams] == [True, False, False, True]


async def test_positions_are_those_of_the_store(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    stream = f"events/{mapped.prepare.id}"
    async with runtime.store.write() as db:
        moves = [CursorMove(stream, 0, 3)]
        assert await move_cursors(db, node_id=mapped.node.id, moves=moves)
        await settle(db, node_id=mapped.node.id, streams=[stream])
    ledger = Ledger(mapped.node.id)
    async with runtime.store.read() as db:
        await ledger.learn(db, [stream, "control"])
    assert ledger.positions == {stream: 3, "control": 0}
    assert ledger.known[mapped.prepare.id].is_settled
    ledger.moved([CursorMove(stream, 3, 5)])
    assert ledger.positions[stream] == 5
