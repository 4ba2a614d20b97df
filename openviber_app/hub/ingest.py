"""The loop that makes one node's events durable, then acks them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import OperationalError

from openviber_app.domain.reports import Advance
from openviber_app.hub.inbound import Applied, Batch, FencedError, Storable
from openviber_app.hub.ledger import Known, Ledger
from openviber_app.hub.mapping import log_end_of
from openviber_app.hub.more_bytes import store_more_bytes
from openviber_app.services import log_quota, logs
from openviber_app.services.runtime import Runtime
from openviber_app.store import cursors
from openviber_protocol.closing import CloseReason
from openviber_protocol.events import CommandReplied, StoreLog
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.streams import events_stream, log_stream

LOG = logging.getLogger(__name__)

MAX_WAITING_BYTES = 16 * 1024 * 1024
"""A node that ignores its window is read no further than this ahead of the commits."""

RECORD_BYTES = 1024
"""What an event without log bytes counts for."""

RETRY_SECONDS = 1.0
"""After a failed commit: the disk may be full or the database locked. Nothing is acked then."""

MAX_MISMATCHES = 3
"""How often a log whose checksum is wrong is asked for again on one connection."""


class Ingest:
    """Commits when idle, and gathers what arrives while a commit runs into the next one."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        peer: HubPeer,
        ledger: Ledger,
        flush: Callable[[], None],
        end: Callable[[CloseReason, str], None],
    ) -> None:
        self._runtime = runtime
        self._peer = peer
        self._ledger = ledger
        self._flush = flush
        self._end = end
        self._waiting: list[Storable] = []
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._stopping = False
        self._to_settle: set[UUID] = set()

    def offer(self, events: Sequence[Storable]) -> None:
        """Take events to be made durable."""
        self._waiting.extend(events)
        for event in events:
            self._waiting_bytes += len(event.data) if isinstance(event, StoreLog) else RECORD_BYTES
        if self._waiting_bytes > MAX_WAITING_BYTES:
            self._room.clear()
        self._wake.set()

    def check(self, execution_ids: Sequence[UUID]) -> None:
        """Settle those executions whose streams are whole."""
        self._to_settle.update(execution_ids)
        self._wake.set()

    async def has_room(self) -> None:
        """Wait until little waits: the socket is read no faster than the disk writes."""
        await self._room.wait()

    def stop(self) -> None:
        """End after what is waiting now."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Write until stopped."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._drain()
                if self._stopping:
                    return
        except FencedError:
            self._end(CloseReason.SUPERSEDED, "another session of this node is newer")
        except Exception:  # one node's bad luck must not end the others' links
            LOG.exception("the events of node %s could not be stored", self._ledger.node_id)
            self._end(CloseReason.INTERNAL, "the board could not store what the node sent")
        finally:
            self._room.set()

    async def _drain(self) -> None:
        while self._waiting or self._to_settle:
            batch, self._waiting, self._waiting_bytes = self._waiting, [], 0
            self._room.set()
            if batch and not await self._commit(batch):
                return
            for execution_id in sorted(self._to_settle):
                await self._settle_if_whole(execution_id)
            self._to_settle.clear()
            self._flush()

    async def _commit(self, events: Sequence[Storable]) -> bool:
        store = self._runtime.store
        try:
            applied = await store_more_bytes(store, ledger=self._ledger, events=events)
            if applied is None:
                async with store.write() as db:
                    batch = Batch(db, self._ledger, self._runtime.clock.now())
                    applied = await batch.apply(events)
        except OperationalError as error:
            LOG.warning("the database did not take a batch, it will be asked for again: %s", error)
            await self._retry(events)
            return False
        self._conclude(applied)
        self._runtime.announce(applied.advances)
        return True

    async def _retry(self, events: Sequence[Storable]) -> None:
        """Forget what came on streams, since the node will send it again; keep the replies."""
        if not self._stopping:
            await asyncio.sleep(RETRY_SECONDS)
        replies = [e for e in [*events, *self._waiting] if isinstance(e, CommandReplied)]
        self._waiting, self._waiting_bytes = [], 0
        self._peer.rollback()
        self._flush()
        if replies and not self._stopping:
            self.offer(replies)

    def _conclude(self, applied: Applied) -> None:
        self._ledger.moved(applied.moves)
        for move in applied.moves:
            self._peer.committed(move.stream, move.after)
        for stream, position in applied.swallowed.items():
            self._ledger.positions[stream] = position
            self._peer.committed(stream, position)
        for stream, position in applied.misplaced.items():
            self._peer.rewind(stream, position)
        for execution_id in applied.touched:
            known = self._ledger.known[execution_id]
            known.is_taken = True
            last = applied.lasts.get(execution_id)
            if last is not None:
                known.has_ended = True
                known.end = log_end_of(last.frame) or known.end
            if known.has_ended:
                self._to_settle.add(execution_id)
        self._flush()

    async def _settle_if_whole(self, execution_id: UUID) -> None:
        known = self._ledger.known[execution_id]
        stored = self._ledger.positions.get(log_stream(execution_id), 0)
        if known.is_settled or (known.end is not None and stored < known.end.bytes):
            return
        if not await self._is_whole(known):
            if known.mismatches <= MAX_MISMATCHES:
                await self._ask_again(execution_id, known)
            return
        await self._settle(execution_id, known)

    async def _is_whole(self, known: Known) -> bool:
        if known.end is None or known.attempt is None:
            return True  # it ended before there was a log
        async with self._runtime.store.read() as db:
            is_whole = await logs.verify(db, execution_id=known.attempt.id, end=known.end)
            is_there = is_whole or await logs.exists(db, execution_id=known.attempt.id)
        if not is_there:  # deleted while it went on
            known.attempt = None
            return True
        if not is_whole:
            known.mismatches += 1
            LOG.warning("the log of %s does not have its checksum", known.attempt.id)
        return is_whole

    async def _ask_again(self, execution_id: UUID, known: Known) -> None:
        stream = log_stream(execution_id)
        if known.mismatches == MAX_MISMATCHES:
            LOG.error("the log of %s stays incomplete on this connection", execution_id)
            known.mismatches += 1
            return
        async with self._runtime.store.write() as db:
            moved = await logs.delete(db, execution_id=execution_id)
            await cursors.rewind(db, node_id=self._ledger.node_id, stream=stream, to=0)
        self._ledger.positions[stream] = 0
        self._peer.rewind(stream, 0)
        self._runtime.announce([moved])

    async def _settle(self, execution_id: UUID, known: Known) -> None:
        streams = [events_stream(execution_id), log_stream(execution_id)]
        moved = [Advance(logs.topic_of(execution_id), 0)]
        if known.attempt is not None:
            async with self._runtime.store.write() as db:
                if known.end is not None:
                    moved = await logs.complete(db, execution_id=execution_id)
                await cursors.settle(db, node_id=self._ledger.node_id, streams=streams)
        known.is_settled = True
        for stream in streams:
            self._peer.committed(stream, self._ledger.positions.get(stream, 0), settled=True)
        self._runtime.announce(moved)
        if known.end is not None:
            self._flush()  # making room may take a moment
            await self._make_room(known.end.bytes)

    async def _make_room(self, added: int) -> None:
        try:
            await log_quota.make_room(self._runtime, added=added)
        except OperationalError as error:
            LOG.warning("old logs could not be removed, the next one tries again: %s", error)
