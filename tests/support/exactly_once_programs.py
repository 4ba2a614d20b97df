"""A hub with a database and a node with a disk, joined by a bad wire, driven step by step.

Both sides run the real peers and the real codec; only sockets, SQL and processes are replaced, by
lists and dicts that survive what disks survive.
"""

import hashlib
import json
from collections import Counter
from uuid import UUID

from openviber_protocol.codec import encode
from openviber_protocol.events import (
    Acked,
    ChallengeReceived,
    Close,
    CommandReceived,
    CommandReplied,
    HelloReceived,
    HubEvent,
    LinkDead,
    NodeEvent,
    Rewound,
    StoreLog,
    StoreRecord,
)
from openviber_protocol.frames import (
    HubAck,
    HubFrame,
    HubWelcome,
    ThreadCompleted,
    ThreadSubmit,
)
from openviber_protocol.hub_payloads import SubmitPayload
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.node_payloads import CompletedPayload, ProgressPayload, SlotsPayload
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.payloads import LogFinal, SlotReport, TimelineRecord
from openviber_protocol.streams import CONTROL, events_stream, execution_of, is_log, log_stream
from tests.support.exactly_once_disks import Execution, HubDatabase, Key, NodeDisk, row_of
from tests.support.frame_examples import HUB_EXAMPLES
from tests.support.peers import EXECUTION, THREAD_ID, make_hub, make_id, make_maker, make_node

SUBMIT = HUB_EXAMPLES["thread:submit"]["payload"]
LOG_WINDOW, EVENT_WINDOW = 24, 4


class Programs:
    """The two programs and the wire. Methods are the steps that either takes."""

    def __init__(self) -> None:
        self.maker = make_maker()
        self.db, self.disk = HubDatabase(), NodeDisk()
        self.effects: Counter[Key] = Counter()
        self.sources: dict[UUID, Execution] = {}  # what was ever produced, for the comparison
        self.epoch = 0
        self.now = 0.0
        self.hub: HubPeer | None = None
        self.node: NodePeer | None = None
        self.pending: list[StoreRecord | StoreLog] = []
        self.to_hub: list[str] = []
        self.to_node: list[str] = []
        self.ghosts: list[tuple[str, str]] = []
        self.was_rewound = False  # on this connection

    # ------------------------------------------------------------ connections

    def connect(self) -> None:
        self.disconnect()
        hub, node = make_hub(), make_node(resend_after=5.0)
        for stream in self.disk.streams():
            end = self.disk.end_of(stream)
            first = self.disk.control_first if stream == CONTROL else 0
            acked = max(first, self.disk.acked.get(stream, 0))
            node.open_stream(stream, acked=acked, available=end, first=first)
        self.hub, self.node = hub, node
        self.was_rewound = False
        hub.start()
        self.flush()

    def disconnect(self) -> None:
        """The socket breaks: what was under way may only turn up as a ghost of an old session."""
        for side, texts in (("hub", self.to_hub), ("node", self.to_node)):
            self.ghosts += [(side, text) for text in texts if '"epoch"' in text]
        self.hub = self.node = None
        self.pending = []
        self.to_hub, self.to_node = [], []

    def flush(self) -> None:
        """Hand both outboxes to the wire, checking every ack on its way."""
        if self.hub:
            for frame in self.hub.take_outbox():
                self.check_acks(frame)
                self.to_node.append(encode(frame))
        if self.node:
            self.to_hub += [encode(frame) for frame in self.node.take_outbox()]

    def check_acks(self, frame: HubFrame) -> None:
        if isinstance(frame, (HubAck, HubWelcome)):
            for ack in frame.payload.acks:
                committed = self.db.end_of(ack.stream)
                assert ack.next <= committed, f"L4: {ack} was sent, but {committed} is committed"

    def receives(self, side: str, text: str) -> None:
        if side == "hub":
            self.hub_receives(text)
        else:
            self.node_receives(text)

    def is_open(self, side: str) -> bool:
        peer = self.hub if side == "hub" else self.node
        return peer is not None and peer.is_open

    # ------------------------------------------------------------ the hub

    def submit(self, command_id: UUID, attempt: int) -> None:
        self.db.commands[command_id, attempt] = make_id()
        self.send_commands()

    def send_commands(self) -> None:
        if self.hub is None or not self.hub.is_open:
            return
        for key, run_id in self.db.commands.items():
            if key not in self.db.replies:
                payload = SubmitPayload.model_validate_json(
                    json.dumps({**SUBMIT, "runId": str(run_id)})
                )
                frame = self.maker.make(ThreadSubmit, payload, command_id=key[0], attempt=key[1])
                self.hub.send_command(frame)
        self.flush()

    def hub_receives(self, text: str) -> None:
        if self.hub is None:
            return
        for event in self.hub.receive_text(text):
            self.hub_handles(event)
        self.flush()

    def hub_handles(self, event: HubEvent) -> None:
        assert self.hub is not None
        match event:
            case HelloReceived():
                acks = self.db.acks()
                assert self.hub.shrunk(acks) == ()
                self.epoch += 1
                self.hub.welcome(
                    epoch=self.epoch,
                    acks=acks,
                    heartbeat_seconds=1e9,
                    log_window_bytes=LOG_WINDOW,
                    event_window=EVENT_WINDOW,
                )
                self.send_commands()
            case StoreRecord() | StoreLog():
                if isinstance(event, StoreRecord):
                    assert event.frame.epoch == self.epoch, "a frame of an old session was taken"
                self.pending.append(event)
            case CommandReplied():
                reply = (event.accepted, event.message)
                key = (event.command_id, event.attempt)
                assert self.db.replies.setdefault(key, reply) == reply, "L1: two different replies"
            case Close():
                raise AssertionError(f"the hub hung up: {event.detail}")
            case _:
                pass

    def commit(self) -> None:
        if self.hub is None:
            return
        pending, self.pending = self.pending, []
        for event in pending:
            if isinstance(event, StoreLog):
                rows = self.db.logs.get(event.stream, b"")
                assert event.offset == len(rows), "L3: the bytes do not join"
                self.db.logs[event.stream] = rows + event.data
            else:
                self.store_record(event)
        for stream in {event.stream for event in pending}:
            self.hub.committed(stream, self.db.end_of(stream))
        for run_id in {execution_of(event.stream) for event in pending}:
            if run_id is not None:
                self.settle(run_id)
        self.flush()

    def store_record(self, event: StoreRecord) -> None:
        rows = self.db.records.setdefault(event.stream, [])
        assert event.seq == len(rows), "L3: a hole or a duplicate"
        rows.append(row_of(event.frame.type, event.frame.payload))
        if isinstance(event.frame, ThreadCompleted):
            run_id = event.frame.payload.run_id
            assert run_id not in self.db.terminal, "L1: a second end"
            self.db.terminal[run_id] = event.frame.payload.exit_code

    def settle(self, run_id: UUID) -> None:
        """Compare with the final record, once both streams have arrived."""
        assert self.hub is not None
        events, log = events_stream(run_id), log_stream(run_id)
        if run_id not in self.db.terminal or events in self.db.settled:
            return
        end = self.db.records[events][-1][1]["log"]
        assert isinstance(end, dict)
        rows = self.db.logs.get(log, b"")
        if len(rows) < end["bytes"]:
            return
        assert hashlib.sha256(rows).hexdigest() == end["sha256"], "L3: the bytes differ"
        for stream in (events, log):
            self.db.settled.add(stream)
            self.hub.committed(stream, self.db.end_of(stream), settled=True)

    def fail_commit(self) -> None:
        self.pending = []
        if self.hub:
            self.hub.rollback()
            self.flush()

    def lose_log(self, stream: str, keep: int) -> None:
        """A checksum did not match: the rows go, and the node is asked again."""
        self.fail_commit()
        self.db.logs[stream] = self.db.logs[stream][:keep]
        if self.hub and self.hub.is_open:
            self.was_rewound = True
            self.hub.rewind(stream, keep)
            self.flush()

    # ------------------------------------------------------------ the node

    def node_receives(self, text: str) -> None:
        if self.node is None:
            return
        for event in self.node.receive_text(text):
            if self.node is not None:
                self.node_handles(event)
        self.flush()

    def node_handles(self, event: NodeEvent) -> None:
        assert self.node is not None
        match event:
            case ChallengeReceived():
                self.node.hello(b"")
            case CommandReceived():
                self.obey(event)
            case Acked():
                assert event.next >= self.disk.acked.get(event.stream, 0), "an ack went back"
                self.disk.acked[event.stream] = event.next
                self.forget(event)
            case Rewound():
                self.disk.acked[event.stream] = event.next
                self.disk.settled.discard(event.stream)
            case LinkDead():
                self.disconnect()
            case Close():
                raise AssertionError(f"the node hung up: {event.detail}")
            case _:
                pass

    def obey(self, event: CommandReceived) -> None:
        assert self.node is not None
        assert isinstance(event.frame, ThreadSubmit)
        assert event.frame.epoch == self.epoch, "a command of an old session was obeyed"
        key = (event.command_id, event.attempt)
        if key not in self.disk.inbox:
            self.effects[key] += 1
            run_id = event.frame.payload.run_id
            self.disk.inbox[key] = (True, f"reply {self.effects[key]}")
            self.sources[run_id] = self.disk.executions[run_id] = Execution(run_id)
        accepted, message = self.disk.inbox[key]
        self.node.reply(*key, accepted=accepted, message=message)

    def forget(self, event: Acked) -> None:
        """Delete what the hub has; the hub must really have it."""
        assert self.node is not None
        committed = self.db.end_of(event.stream)
        run_id = execution_of(event.stream)
        if run_id is None:
            assert event.next <= committed, "L4: a record was deleted that the hub does not hold"
            self.disk.control_first = event.next
            self.node.trim(CONTROL, event.next)
        elif event.settled:
            self.disk.settled.add(event.stream)
            pair = (events_stream(run_id), log_stream(run_id))
            if self.disk.settled.issuperset(pair):
                for stream in pair:
                    assert self.db.end_of(stream) == self.disk.end_of(stream), "L4: deleted early"
                    self.node.close_stream(stream)
                    self.disk.acked.pop(stream, None)
                del self.disk.executions[run_id]

    def running(self) -> list[Execution]:
        return [made for made in self.disk.executions.values() if not made.is_final]

    def work(self, execution: Execution, text: str) -> None:
        """A runner prints something, and records it."""
        execution.log += text.encode()
        record = TimelineRecord(op="append", id="t", text=text)
        payload = ProgressPayload(thread_id=THREAD_ID, run_id=execution.run_id, records=(record,))
        execution.events.append(row_of("thread:progress", payload))
        self.extend(execution)

    def finish(self, execution: Execution, exit_code: int) -> None:
        execution.is_final = True
        payload = CompletedPayload(
            thread_id=THREAD_ID,
            run_id=execution.run_id,
            exit_code=exit_code,
            duration_ms=1,
            log=LogFinal(
                bytes=len(execution.log),
                lines=execution.log.count(b"\n"),
                sha256=hashlib.sha256(execution.log).hexdigest(),
            ),
        )
        execution.events.append(row_of("thread:completed", payload))
        self.extend(execution)

    def extend(self, execution: Execution) -> None:
        if self.node:
            self.node.extend(events_stream(execution.run_id), len(execution.events))
            self.node.extend(log_stream(execution.run_id), len(execution.log))

    def report_slots(self, ready: int) -> None:
        payload = SlotsPayload(slots=SlotReport(binding_id=EXECUTION, ready=ready))
        self.disk.control.append(row_of("environment:slots", payload))
        if self.node:
            self.node.extend(CONTROL, len(self.disk.control))

    def send_some(self, most: int) -> bool:
        """Send the next piece, at most `most` of it; say whether there was one."""
        slot = self.node.next_send() if self.node else None
        if self.node is None or slot is None:
            return False
        window = LOG_WINDOW if is_log(slot.stream) else EVENT_WINDOW
        acked = self.disk.acked.get(slot.stream, 0)
        if slot.stream == CONTROL:
            acked = max(acked, self.disk.control_first)
        assert slot.start + slot.budget <= acked + window, "the hub's window was overrun"
        count = min(most, slot.budget)
        run_id = execution_of(slot.stream)
        if run_id is not None and is_log(slot.stream):
            data = self.disk.executions[run_id].log[slot.start : slot.start + count]
            self.to_hub.append(
                encode(self.node.log_frame(slot.stream, slot.start, data, kind="run"))
            )
        else:
            rows = self.disk.control if run_id is None else self.disk.executions[run_id].events
            for seq in range(slot.start, slot.start + count):
                assert run_id is not None or seq >= self.disk.control_first, "read what was deleted"
                kind, payload = rows[seq]
                frame = self.node.record_frame(slot.stream, seq, type_name=kind, payload=payload)
                self.to_hub.append(encode(frame))
        self.node.sent(slot.stream, count)
        return True

    def tick(self, seconds: float) -> None:
        self.now += seconds
        if self.node:
            for event in self.node.tick(self.now):
                self.node_handles(event)
            self.flush()
