"""What survives a kill in the model of both sides: the hub's database and the node's disk."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from openviber_protocol.frame import Wire
from openviber_protocol.payloads import StreamAck
from openviber_protocol.streams import CONTROL, events_stream, execution_of, is_log, log_stream

Key = tuple[UUID, int]
Row = tuple[str, dict[str, Any]]


def row_of(kind: str, payload: Wire) -> Row:
    return kind, payload.model_dump(mode="json", by_alias=True)


@dataclass
class Execution:
    """One side effect on the node: two files that only grow, until a final record ends them."""

    run_id: UUID
    events: list[Row] = field(default_factory=list)
    log: bytes = b""
    is_final: bool = False


@dataclass
class NodeDisk:
    inbox: dict[Key, tuple[bool, str]] = field(default_factory=dict)
    executions: dict[UUID, Execution] = field(default_factory=dict)
    acked: dict[str, int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    control: list[Row] = field(default_factory=list)
    control_first: int = 0

    def end_of(self, stream: str) -> int:
        run_id = execution_of(stream)
        if run_id is None:
            return len(self.control)
        execution = self.executions[run_id]
        return len(execution.log) if is_log(stream) else len(execution.events)

    def streams(self) -> list[str]:
        names = [CONTROL]
        for run_id in self.executions:
            names += [events_stream(run_id), log_stream(run_id)]
        return names


@dataclass
class HubDatabase:
    commands: dict[Key, UUID] = field(default_factory=dict)
    replies: dict[Key, tuple[bool, str]] = field(default_factory=dict)
    records: dict[str, list[Row]] = field(default_factory=dict)
    logs: dict[str, bytes] = field(default_factory=dict)
    terminal: dict[UUID, int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def end_of(self, stream: str) -> int:
        return len(self.logs.get(stream, b"") if is_log(stream) else self.records.get(stream, []))

    def acks(self) -> list[StreamAck]:
        return [
            StreamAck(stream=name, next=self.end_of(name), settled=name in self.settled)
            for name in {*self.records, *self.logs, *self.settled}  # an empty log settles too
        ]
