"""The promises of the protocol, checked on a model of both sides after every step."""

from openviber_protocol.streams import CONTROL, events_stream, log_stream
from tests.support.exactly_once_programs import Programs


class World(Programs):
    """Both programs and the wire, and what must always hold for them."""

    # ------------------------------------------------------------ the promises

    def check(self) -> None:
        assert all(count == 1 for count in self.effects.values()), "L2: a side effect twice"
        for run_id, source in self.sources.items():
            rows = self.db.records.get(events_stream(run_id), [])
            assert rows == source.events[: len(rows)], "L3: not the start of the source"
            log = self.db.logs.get(log_stream(run_id), b"")
            assert source.log.startswith(log), "L3: the bytes are not the start of the source"
        rows = self.db.records.get(CONTROL, [])
        assert rows == self.disk.control[: len(rows)], "L3: the rows are not the source"

    def heal(self) -> None:
        """A good wire at last: everything that was begun must come to one end on both sides."""
        self.heal_in_place()
        self.connect()
        self.rest()
        self.check()
        assert set(self.db.commands) == set(self.db.replies) == set(self.effects), "L1: unanswered"
        for key, run_id in self.db.commands.items():
            assert self.effects[key] == 1
            assert self.db.terminal[run_id] == self.sources[run_id].events[-1][1]["exitCode"]
            assert self.db.logs.get(log_stream(run_id), b"") == self.sources[run_id].log
            assert len(self.db.records[events_stream(run_id)]) == len(self.sources[run_id].events)
        assert self.db.end_of(CONTROL) == len(self.disk.control) == self.disk.control_first
        assert self.disk.executions == {}, "the spool was not emptied"

    def heal_in_place(self) -> None:
        """An open session gets over what the wire lost without a new connection.

        One thing it cannot know: that the hub threw away rows that it had acked, when that very
        ack was lost. The next hello tells.
        """
        if self.was_rewound or not (self.hub and self.hub.is_open):
            return
        if self.node and self.node.is_open:
            for _ in range(4):
                self.rest()
                self.tick(100.0)
                self.send_commands()
            self.rest()
            for run_id, source in self.sources.items():
                assert self.db.logs.get(log_stream(run_id), b"") == source.log, "not resent"
                assert self.db.end_of(events_stream(run_id)) == len(source.events), "not resent"
            assert self.db.end_of(CONTROL) == len(self.disk.control), "not resent"
            assert set(self.db.commands) == set(self.db.replies), "not resent"
            assert self.disk.control_first == len(self.disk.control), "an ack was never repeated"
            for stream in self.disk.streams()[1:]:
                acked = self.disk.acked.get(stream, 0)
                assert acked == self.disk.end_of(stream), "an ack was never repeated"

    def rest(self) -> None:
        for _ in range(5000):
            if not self.run_clean_step():
                return
        raise AssertionError("the peers never came to rest")

    def run_clean_step(self) -> bool:
        if self.to_node:
            self.node_receives(self.to_node.pop(0))
        elif self.to_hub:
            self.hub_receives(self.to_hub.pop(0))
        elif self.pending:
            self.commit()
        elif not self.send_some(1000):
            unfinished = self.running()
            for execution in unfinished:
                self.finish(execution, 0)
            return bool(unfinished)
        return True
