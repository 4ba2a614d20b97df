"""The commonest batch, nothing but more bytes of logs under way, stored in one trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from openviber_app.domain.reports import Advance
from openviber_app.hub.inbound import Applied, FencedError, Storable
from openviber_app.hub.ledger import Ledger
from openviber_app.services import logs as log_topics
from openviber_app.store import cursors, logs
from openviber_app.store.cursors import CursorMove
from openviber_app.store.engine import Store
from openviber_protocol.events import StoreLog
from openviber_protocol.streams import log_stream


@dataclass(slots=True)
class _Piece:
    """Contiguous bytes of one log."""

    offset: int
    parts: list[bytes]
    next: int


def pieces_of(ledger: Ledger, events: Sequence[Storable]) -> dict[UUID, _Piece] | None:
    """Join the events' bytes by log; None when the batch has anything that needs a closer look."""
    pieces: dict[UUID, _Piece] = {}
    for event in events:
        if not isinstance(event, StoreLog) or not _is_under_way(ledger, event):
            return None
        piece = pieces.get(event.execution_id)
        if piece is None:
            start = ledger.positions[event.stream]
            piece = pieces[event.execution_id] = _Piece(start, [], start)
        if event.offset != piece.next:
            return None
        piece.parts.append(event.data)
        piece.next = event.next
    return pieces


def _is_under_way(ledger: Ledger, event: StoreLog) -> bool:
    """Whether some of this log is stored: then it is ours, and its command was taken."""
    known = ledger.known.get(event.execution_id)
    has_begun = ledger.positions.get(event.stream, 0) > 0
    return known is not None and known.attempt is not None and known.is_taken and has_begun


async def store_more_bytes(
    store: Store, *, ledger: Ledger, events: Sequence[Storable]
) -> Applied | None:
    """Store a batch of bytes, or return None, with nothing changed, when it is not one.

    Raises:
        FencedError: another session of the node moved its streams.
    """
    pieces = pieces_of(ledger, events)
    if not pieces:
        return None
    moves = [CursorMove(log_stream(of), p.offset, p.next) for of, p in pieces.items()]
    work = partial(_write, node_id=ledger.node_id, moves=moves, pieces=pieces)
    try:
        await store.write_at_once(work)
    except ValueError:
        return None  # the log is not where its cursor is: it may have been deleted meanwhile
    advances = [Advance(log_topics.topic_of(of), p.next) for of, p in pieces.items()]
    return Applied(moves=moves, advances=advances, touched=set(pieces))


def _write(
    connection: sa.Connection,
    *,
    node_id: UUID,
    moves: Sequence[CursorMove],
    pieces: dict[UUID, _Piece],
) -> None:
    if not cursors.move_at_once(connection, node_id=node_id, moves=moves):
        raise FencedError
    for execution_id, piece in pieces.items():
        logs.add_at_once(
            connection,
            execution_id=execution_id,
            offset=piece.offset,
            data=b"".join(piece.parts),
        )
