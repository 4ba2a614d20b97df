"""A batch that is nothing but more of known logs takes the short way, and changes the same rows."""

from dataclasses import dataclass

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.hub.inbound import Batch, FencedError, Storable
from openviber_app.hub.ledger import Ledger
from openviber_app.hub.more_bytes import store_more_bytes
from openviber_app.services.runtime import Runtime
from openviber_app.store import logs
from openviber_app.store.cursors import CursorMove, list_cursors, move_cursors
from openviber_protocol.events import CommandReplied, StoreLog
from tests.support.board import People
from tests.support.mapped import map_environment


@dataclass
class Begun:
    """A log whose first five bytes are stored, with the ledger of the connection they came by."""

    runtime: Runtime
    ledger: Ledger
    first: StoreLog

    @property
    def stream(self) -> str:
        return self.first.stream

    def log(self, offset: int, data: bytes) -> StoreLog:
        return StoreLog(self.stream, offset, self.first.execution_id, data)

    async def store(self, *events: Storable) -> list[CursorMove] | None:
        """Take the short way; return the moves, or None when it does not take the batch."""
        applied = await store_more_bytes(self.runtime.store, ledger=self.ledger, events=events)
        return None if applied is None else applied.moves

    async def stored(self) -> tuple[int, int]:
        """Return where the log ends, and where its cursor stands."""
        async with self.runtime.store.read() as db:
            end = await logs.get_end(db, execution_id=self.first.execution_id)
            rows = await list_cursors(db, node_id=self.ledger.node_id, streams=[self.stream])
        return end, rows[self.stream].next


@pytest.fixture
async def begun(runtime: Runtime, people: People) -> Begun:
    mapped = await map_environment(runtime, people.alice)
    first = StoreLog(f"log/{mapped.prepare.id}", 0, mapped.prepare.id, b"01234")
    ledger = Ledger(mapped.node.id)
    assert await store_more_bytes(runtime.store, ledger=ledger, events=[first]) is None
    async with runtime.store.write() as db:
        applied = await Batch(db, ledger, runtime.clock.now()).apply([first])
    ledger.moved(applied.moves)
    ledger.known[mapped.prepare.id].is_taken = True
    return Begun(runtime, ledger, first)


async def test_more_of_a_known_log_is_stored_with_its_cursor(begun: Begun) -> None:
    assert await begun.store(begun.log(5, b"56789"), begun.log(10, b"ab")) == [
        CursorMove(begun.stream, 5, 12)
    ]
    assert await begun.stored() == (12, 12)
    async with begun.runtime.store.read() as db:
        data = await logs.get_bytes(db, execution_id=begun.first.execution_id, offset=0, limit=20)
    assert data == b"0123456789ab"


async def test_a_session_that_another_one_overtook_writes_nothing(begun: Begun) -> None:
    async with begun.runtime.store.write() as db:
        moves = [CursorMove(begun.stream, 5, 7)]
        await move_cursors(db, node_id=begun.ledger.node_id, moves=moves)
    with pytest.raises(FencedError):
        await begun.store(begun.log(5, b"old"))
    assert await begun.stored() == (5, 7)


async def test_a_log_that_was_deleted_meanwhile_is_left_to_the_long_way(begun: Begun) -> None:
    async with begun.runtime.store.write() as db:
        await logs.delete_log(db, execution_id=begun.first.execution_id)
    assert await begun.store(begun.log(5, b"more")) is None
    assert await begun.stored() == (0, 5)  # the cursor's move was rolled back with the bytes


async def test_anything_that_is_not_just_more_bytes_is_left_to_the_long_way(begun: Begun) -> None:
    stranger = new_id()
    reply = CommandReplied(new_id(), 1, accepted=True, message="")
    assert await begun.store(begun.log(9, b"a gap")) is None
    assert await begun.store(begun.log(5, b"good"), begun.log(4, b"twice")) is None
    assert await begun.store(begun.log(5, b"good"), reply) is None
    assert await begun.store(StoreLog(f"log/{stranger}", 0, stranger, b"nobody's")) is None
    begun.ledger.known[begun.first.execution_id].is_taken = False
    assert await begun.store(begun.log(5, b"its command is to be marked as taken")) is None
    assert await begun.stored() == (5, 5)
