"""What one connection knows of its node's streams: whose they are, and how far they are stored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import LogEnd
from openviber_app.store import attempts, cursors
from openviber_app.store.attempts import Attempt
from openviber_app.store.cursors import CursorMove
from openviber_protocol.streams import execution_of


@dataclass(slots=True)
class Known:
    """An execution of this connection.

    `attempt` is None when the board has no such execution for this node, for instance because its
    environment was deleted: its streams are acked, and stored nowhere.
    """

    attempt: Attempt | None
    end: LogEnd | None = None
    has_ended: bool = False
    """Its last record is stored."""
    is_settled: bool = False
    is_taken: bool = False
    """Its command is known to have been taken by the node."""
    mismatches: int = 0


@dataclass(slots=True)
class Ledger:
    """Positions are those of the last commit."""

    node_id: UUID
    known: dict[UUID, Known] = field(default_factory=dict[UUID, Known])
    positions: dict[str, int] = field(default_factory=dict[str, int])

    async def learn(self, db: AsyncSession, streams: Iterable[str]) -> None:
        """Look up the streams that this connection has not met before."""
        new = [stream for stream in streams if stream not in self.positions]
        if not new:
            return
        await self.learn_executions(db, {e for s in new if (e := execution_of(s))})
        rows = await cursors.list_cursors(db, node_id=self.node_id, streams=new)
        for stream in new:
            row = rows.get(stream)
            self.positions[stream] = row.next if row else 0
            execution_id = execution_of(stream)
            if row is not None and row.is_settled and execution_id is not None:
                self.known[execution_id].is_settled = True

    async def learn_executions(self, db: AsyncSession, execution_ids: Collection[UUID]) -> None:
        """Look up the executions that this connection has not met before."""
        new = [execution_id for execution_id in execution_ids if execution_id not in self.known]
        found = await attempts.list_attempts(db, node_id=self.node_id, execution_ids=new)
        for execution_id in new:
            attempt = found.get(execution_id)
            end = attempt.end if attempt else None
            self.known[execution_id] = Known(attempt, end=end, has_ended=end is not None)

    def is_ours(self, stream: str) -> bool:
        """Whether what comes on a stream is stored."""
        execution_id = execution_of(stream)
        return execution_id is None or self.known[execution_id].attempt is not None

    def moved(self, moves: Iterable[CursorMove]) -> None:
        """Remember what was committed."""
        for move in moves:
            self.positions[move.stream] = move.after
