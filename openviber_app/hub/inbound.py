"""Applies a batch of a node's events to the store, inside one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import (
    Advance,
    PrepareReport,
    RunEnded,
    RunProgress,
    RunStarted,
    SelfTestResult,
    SlotCounts,
)
from openviber_app.domain.statuses import CommandStatus, advance
from openviber_app.hub import outbox
from openviber_app.hub.ledger import Ledger
from openviber_app.hub.mapping import Report, is_last, report_of
from openviber_app.services import links, logs, prepare_reports, runs, self_tests, slots
from openviber_app.store import attempts, commands, cursors
from openviber_app.store.cursors import CursorMove
from openviber_protocol.events import CommandReplied, HeartbeatReceived, StoreLog, StoreRecord
from openviber_protocol.streams import execution_of

StreamEvent = StoreRecord | StoreLog
Storable = StreamEvent | CommandReplied | HeartbeatReceived


class FencedError(Exception):
    """Another session of this node has written: this one is over."""


@dataclass(slots=True)
class Applied:
    """What a batch did, to be told once it is committed."""

    moves: list[CursorMove] = field(default_factory=list[CursorMove])
    swallowed: dict[str, int] = field(default_factory=dict[str, int])
    """Streams of nobody, with the position up to which they are acked."""
    misplaced: dict[str, int] = field(default_factory=dict[str, int])
    """Streams that came from elsewhere than where the store is, with where it is."""
    advances: list[Advance] = field(default_factory=list[Advance])
    lasts: dict[UUID, StoreRecord] = field(default_factory=dict[UUID, StoreRecord])
    touched: set[UUID] = field(default_factory=set[UUID])


@dataclass(slots=True)
class _Joined:
    """Contiguous bytes of one log: a batch stores them at once."""

    offset: int
    parts: list[bytes]


@dataclass(slots=True)
class Batch:
    """One transaction's work for one node."""

    db: AsyncSession
    ledger: Ledger
    now: datetime
    applied: Applied = field(default_factory=Applied)
    _reached: dict[str, int] = field(default_factory=dict[str, int])
    _logs: dict[UUID, _Joined] = field(default_factory=dict[UUID, _Joined])

    async def apply(self, events: Sequence[Storable]) -> Applied:
        """Apply events in their order.

        Raises:
            FencedError: another session of the node moved its streams.
        """
        streams = {e.stream: None for e in events if isinstance(e, StoreRecord | StoreLog)}
        await self.ledger.learn(self.db, streams)
        for event in events:
            match event:
                case StoreRecord() | StoreLog():
                    await self._stream_event(event)
                case CommandReplied():
                    self.applied.advances += await reply(
                        self.db, event, node_id=self.ledger.node_id, now=self.now
                    )
                case HeartbeatReceived():
                    self.applied.advances += await links.heard(
                        self.db,
                        node_id=self.ledger.node_id,
                        load=event.load.model_dump(mode="json"),
                        at=self.now,
                    )
                case _:
                    assert_never(event)
        positions = self.ledger.positions
        moves = [CursorMove(s, positions[s], reached) for s, reached in self._reached.items()]
        if not await cursors.move_cursors(self.db, node_id=self.ledger.node_id, moves=moves):
            raise FencedError
        self.applied.moves = moves
        await self._write_logs()
        await self._take_commands()
        return self.applied

    async def _stream_event(self, event: StreamEvent) -> None:
        stream = event.stream
        execution_id = execution_of(stream)
        if not self.ledger.is_ours(stream):
            self.applied.swallowed[stream] = event.next
            if execution_id is not None:
                self._note_last(execution_id, event)
            return
        start = event.seq if isinstance(event, StoreRecord) else event.offset
        expected = self._reached.get(stream, self.ledger.positions[stream])
        if start != expected or stream in self.applied.misplaced:
            self.applied.misplaced[stream] = expected
            return
        if isinstance(event, StoreLog):
            self._logs.setdefault(event.execution_id, _Joined(start, [])).parts.append(event.data)
        else:
            self.applied.advances += await self._report(report_of(event.frame))
        self._reached[stream] = event.next
        if execution_id is not None:
            self._note_last(execution_id, event)

    def _note_last(self, execution_id: UUID, event: StreamEvent) -> None:
        self.applied.touched.add(execution_id)
        if isinstance(event, StoreRecord) and is_last(event.frame):
            self.applied.lasts[execution_id] = event

    async def _report(self, report: Report) -> list[Advance]:
        db, node_id, now = self.db, self.ledger.node_id, self.now
        match report:
            case PrepareReport():
                return await prepare_reports.apply_report(
                    db, node_id=node_id, report=report, now=now
                )
            case SlotCounts():
                return await slots.apply_slots(db, node_id=node_id, slots=report, now=now)
            case RunStarted():
                return await runs.apply_started(db, node_id=node_id, report=report, now=now)
            case RunProgress():
                return await runs.apply_progress(db, node_id=node_id, report=report, now=now)
            case RunEnded():
                return await runs.apply_ended(db, node_id=node_id, report=report, now=now)
            case SelfTestResult():
                return await self_tests.apply_result(db, node_id=node_id, result=report, now=now)
            case _:
                assert_never(report)

    async def _write_logs(self) -> None:
        for execution_id, joined in self._logs.items():
            moved = await logs.append(
                self.db,
                execution_id=execution_id,
                offset=joined.offset,
                data=b"".join(joined.parts),
            )
            if moved is None:  # deleted while it went on: what else comes is acked, not stored
                self.ledger.known[execution_id].attempt = None
            else:
                self.applied.advances.append(moved)

    async def _take_commands(self) -> None:
        """A record or a log proves that the command was taken, even when its reply was lost."""
        new = [
            known.attempt.command_id
            for execution_id in self.applied.touched
            if (known := self.ledger.known[execution_id]).attempt and not known.is_taken
        ]
        if new:
            await attempts.accept_commands(self.db, command_ids=new, now=self.now)


async def reply(
    db: AsyncSession, event: CommandReplied, *, node_id: UUID, now: datetime
) -> list[Advance]:
    """Record a node's answer to a command of its own; only the first one counts."""
    row = await commands.find_command(db, command_id=event.command_id)
    if row is None or row.node_id != node_id:
        return []
    if row.attempt != event.attempt or row.status != CommandStatus.SENT:
        return []
    if not event.accepted:
        return await outbox.refuse(db, row, message=event.message, now=now)
    row.status = advance(CommandStatus.SENT, CommandStatus.ACCEPTED)
    row.reply, row.replied_at = event.message, now
    if row.type == "environment:prepare":
        await prepare_reports.accepted(db, command_id=row.id)
    return []
