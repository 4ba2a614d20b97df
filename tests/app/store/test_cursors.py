"""Cursors move only from where they are."""

from openviber_app.services.runtime import Runtime
from openviber_app.store.cursors import CursorMove, list_cursors, move_cursors, rewind, settle
from tests.support.board import People
from tests.support.mapped import claimed_node


async def test_a_cursor_that_is_elsewhere_does_not_move(runtime: Runtime, people: People) -> None:
    node = await claimed_node(runtime, people.alice)
    async with runtime.store.write() as db:
        assert await move_cursors(db, node_id=node.id, moves=[CursorMove("control", 0, 5)])
        assert await move_cursors(db, node_id=node.id, moves=[CursorMove("control", 5, 6)])
        assert not await move_cursors(db, node_id=node.id, moves=[CursorMove("control", 5, 9)])
        assert not await move_cursors(db, node_id=node.id, moves=[CursorMove("control", 0, 9)])
    async with runtime.store.read() as db:
        rows = await list_cursors(db, node_id=node.id, streams=["control", "other"])
        assert {stream: row.next for stream, row in rows.items()} == {"control": 6}


async def test_a_settled_stream_that_is_rewound_is_open_again(
    runtime: Runtime, people: People
) -> None:
    node = await claimed_node(runtime, people.alice)
    async with runtime.store.write() as db:
        await move_cursors(db, node_id=node.id, moves=[CursorMove("control", 0, 5)])
        await settle(db, node_id=node.id, streams=["control"])
    async with runtime.store.write() as db:
        await rewind(db, node_id=node.id, stream="control", to=2)
    async with runtime.store.read() as db:
        row = (await list_cursors(db, node_id=node.id, streams=["control"]))["control"]
        assert (row.next, row.is_settled) == (2, False)
