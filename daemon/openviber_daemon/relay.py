"""What the hub has yet to get of every execution, turned into frames."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from pydantic import ValidationError

from openviber_daemon import verdict
from openviber_daemon.attempt import Attempt
from openviber_daemon.clock import Clock
from openviber_daemon.daemon_log import LOG
from openviber_daemon.spool import Spool
from openviber_daemon.tails import EventTail, OpenFiles
from openviber_protocol.frame import MAX_LOG_BYTES
from openviber_protocol.frames import LogFrame, RecordFrame
from openviber_protocol.node_cursors import SendSlot
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.streams import CONTROL, events_stream, execution_of, is_log, log_stream

PACE_FRAMES = 2
"""So many unacked frames of a log, and its next bytes wait for an ack or for a whole frame of them.

While the hub commits one frame, the next one is there for its next commit. More small ones would
only be gathered there, and each costs both sides more than the bytes in it.
"""


@dataclass
class Outgoing:
    """The two streams of one execution, and how far the hub has them."""

    attempt: Attempt
    events: EventTail
    log_size: int = 0
    acked: dict[str, int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    offered: int = 0
    """How far the present connection was told of the log."""
    unacked: deque[int] = field(default_factory=deque)
    """Where the frames of the log end that this connection has not acked."""

    @property
    def is_paced(self) -> bool:
        """Whether more of the log would be one small frame too many."""
        return len(self.unacked) >= PACE_FRAMES and self.log_size - self.offered < MAX_LOG_BYTES

    @property
    def names(self) -> tuple[str, str]:
        execution_id = self.attempt.job.execution_id
        return events_stream(execution_id), log_stream(execution_id)

    def available(self, stream: str) -> int:
        return self.log_size if is_log(stream) else self.events.count


class Relay:
    """Follows the files of all executions for the peer of the present connection."""

    def __init__(self, *, spool: Spool, clock: Clock) -> None:
        self._spool, self._clock = spool, clock
        self._files = OpenFiles()
        self._outgoing: dict[UUID, Outgoing] = {}
        self._unsaved: dict[str, int] = {}
        self._peer: NodePeer | None = None

    def close(self) -> None:
        self.save_cursors()
        self._files.close()

    # ------------------------------------------------------------ what there is

    def add(self, attempt: Attempt) -> None:
        """Follow one more execution."""
        if attempt.job.execution_id in self._outgoing:
            return
        outgoing = Outgoing(attempt=attempt, events=EventTail(attempt.events, self._files))
        outgoing.acked = {name: self._spool.cursor(name) for name in outgoing.names}
        self._outgoing[attempt.job.execution_id] = outgoing
        self.look(attempt.job.execution_id)

    def remove(self, execution_id: UUID) -> None:
        """Stop following an execution that the hub holds completely."""
        outgoing = self._outgoing.pop(execution_id, None)
        if outgoing is None:
            return
        self._files.forget(outgoing.attempt.events)
        self._files.forget(outgoing.attempt.log)
        for name in outgoing.names:
            self._unsaved.pop(name, None)
            if self._peer is not None:
                self._peer.close_stream(name)
        self._spool.drop_cursors(outgoing.names)

    def look(self, execution_id: UUID) -> None:
        """Take in what was appended to the files of an execution."""
        outgoing = self._outgoing.get(execution_id)
        if outgoing is None:
            return
        # Records first: when the last one is there, the whole log is there too.
        before = outgoing.events.count, outgoing.log_size
        outgoing.events.look()
        outgoing.log_size = self._files.size(outgoing.attempt.log)
        if self._peer is not None and before != (outgoing.events.count, outgoing.log_size):
            self._peer.extend(outgoing.names[0], outgoing.events.count)
            self._offer_log(outgoing, self._peer)

    def _offer_log(self, outgoing: Outgoing, peer: NodePeer) -> None:
        if not outgoing.is_paced:
            outgoing.offered = outgoing.log_size
            peer.extend(outgoing.names[1], outgoing.log_size)

    def look_at_control(self) -> None:
        """Take in new control records."""
        if self._peer is not None:
            self._peer.extend(CONTROL, self._spool.control_next())

    def unacked_bytes(self) -> int:
        """Count the log bytes that the hub does not hold yet."""
        return sum(
            max(0, outgoing.log_size - outgoing.acked[outgoing.names[1]])
            for outgoing in self._outgoing.values()
        )

    # ------------------------------------------------------------ one connection

    def attach(self, peer: NodePeer) -> None:
        """Give a new connection's peer everything there is to send."""
        for execution_id in self._outgoing:
            self.look(execution_id)  # before the peer is there: it would be told of new bytes twice
        self._peer = peer
        control = self._spool.cursor(CONTROL)
        peer.open_stream(
            CONTROL, acked=control, available=self._spool.control_next(), first=control
        )
        for outgoing in self._outgoing.values():
            outgoing.unacked.clear()
            outgoing.offered = outgoing.log_size
            for name in outgoing.names:
                available = outgoing.available(name)
                peer.open_stream(
                    name, acked=min(outgoing.acked[name], available), available=available
                )

    def detach(self) -> None:
        self._peer = None

    def frame(self, slot: SendSlot, peer: NodePeer) -> tuple[RecordFrame | LogFrame, int] | None:
        """Make the next frame of a slot, with the count of records or bytes in it."""
        execution_id = execution_of(slot.stream)
        if execution_id is None:
            for record in self._spool.list_control(start=slot.start, limit=1):
                return (
                    peer.record_frame(
                        slot.stream, record.seq, type_name=record.type, payload=record.read()
                    ),
                    1,
                )
            return None
        outgoing = self._outgoing[execution_id]
        if not is_log(slot.stream):
            return self._record(outgoing, slot.start, slot.stream, peer), 1
        data = self._files.read(outgoing.attempt.log, start=slot.start, size=slot.budget)
        if not data:
            return None
        outgoing.unacked.append(slot.start + len(data))
        kind: Literal["prepare", "run"] = outgoing.attempt.job.kind
        return peer.log_frame(slot.stream, slot.start, data, kind=kind), len(data)

    def _record(self, outgoing: Outgoing, number: int, stream: str, peer: NodePeer) -> RecordFrame:
        event = outgoing.events.read(number)
        payload = event.get("payload")
        try:
            return peer.record_frame(
                stream,
                number,
                type_name=str(event.get("type", "")),
                payload=payload if isinstance(payload, dict) else {},
            )
        except (ValidationError, ValueError) as error:
            # Its number must be used: the hub would wait for it for ever, and for the end after it.
            LOG.error("record %d of %s is not one of the protocol's: %s", number, stream, error)
            return self._substitute(outgoing, number, stream, peer)

    def _substitute(
        self, outgoing: Outgoing, number: int, stream: str, peer: NodePeer
    ) -> RecordFrame:
        job = outgoing.attempt.job
        if outgoing.events.read(number).get("final") is True:
            kind = "thread:error" if job.kind == "run" else "environment:status"
            payload = verdict.ended(
                job,
                reason="failed",
                message="the node could not understand its runner's last word; the log is complete",
                log=verdict.measure_log(outgoing.attempt.log),
                before={},
            )
        elif job.kind == "run":
            kind = "thread:progress"
            payload = {
                "threadId": job.payload["threadId"],
                "runId": str(job.execution_id),
                "records": [],
            }
        else:
            kind = "environment:status"
            payload = {
                "bindingId": job.binding_id,
                "prepareId": str(job.execution_id),
                "status": "preparing",
            }
        return peer.record_frame(stream, number, type_name=kind, payload=payload)

    # ------------------------------------------------------------ acks

    def acked(self, stream: str, *, position: int, is_settled: bool) -> UUID | None:
        """Note how far the hub holds a stream; return the execution once it holds all of it."""
        execution_id = execution_of(stream)
        if execution_id is None:
            self._spool.forget_control(before=position)
            if self._peer is not None:
                self._peer.trim(CONTROL, position)
            return None
        outgoing = self._outgoing.get(execution_id)
        if outgoing is None:
            return execution_id if is_settled else None
        outgoing.acked[stream] = self._unsaved[stream] = position
        if is_log(stream):
            self._log_acked(outgoing, position)
        if is_settled:
            outgoing.settled.add(stream)
        return execution_id if self.is_settled(execution_id) else None

    def _log_acked(self, outgoing: Outgoing, position: int) -> None:
        while outgoing.unacked and outgoing.unacked[0] <= position:
            outgoing.unacked.popleft()
        if self._peer is not None and outgoing.offered < outgoing.log_size:
            self._offer_log(outgoing, self._peer)

    def is_settled(self, execution_id: UUID) -> bool:
        """Say whether the hub holds both streams of an execution, complete and verified."""
        outgoing = self._outgoing.get(execution_id)
        return outgoing is not None and outgoing.settled.issuperset(outgoing.names)

    def rewound(self, stream: str, *, position: int) -> None:
        """Note that the hub no longer holds what it had acked."""
        execution_id = execution_of(stream)
        if execution_id is not None and execution_id in self._outgoing:
            self._outgoing[execution_id].acked[stream] = self._unsaved[stream] = position

    def list_delivered(self) -> list[UUID]:
        """List the executions of which the hub has acked everything, though not settled them."""
        return [
            execution_id
            for execution_id, outgoing in self._outgoing.items()
            if all(outgoing.acked[name] == outgoing.available(name) for name in outgoing.names)
        ]

    def save_cursors(self) -> None:
        """Remember the acks. They are hints: the hub's welcome says how far it really is."""
        unsaved, self._unsaved = self._unsaved, {}
        self._spool.save_cursors(unsaved)
