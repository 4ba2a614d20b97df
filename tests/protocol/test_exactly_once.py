"""Nothing is lost and nothing is done twice, whatever the wire and the processes do.

The promises are L1 to L4 of the fault list: every command comes to one end, equal on both sides;
its side effect happens once; rows are the source without hole or duplicate; acks never run ahead
of commits, and the node deletes only what the hub holds.
"""

import random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.support.exactly_once import World
from tests.support.peers import make_id

TEXTS = st.lists(st.text("abcü\n", min_size=1, max_size=12), min_size=1, max_size=6)
ANY = st.integers(0, 10_000)
SIDES = st.sampled_from(["hub", "node"])


class ExactlyOnce(RuleBasedStateMachine):
    """Steps that the outside can take; the promises hold after each, and at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.connect()
        self.world.submit(make_id(), 1)
        self.deliver_in_order(5)  # challenge, hello, welcome, command, its reply

    def deliver_in_order(self, steps: int) -> None:
        for _ in range(steps):
            if self.world.to_node:
                self.world.node_receives(self.world.to_node.pop(0))
            elif self.world.to_hub:
                self.world.hub_receives(self.world.to_hub.pop(0))

    def wire(self, side: str) -> list[str]:
        return self.world.to_hub if side == "hub" else self.world.to_node

    # ------------------------------------------------------------ people and programs

    @precondition(lambda self: len(self.world.db.commands) < 5)
    @rule(number=ANY, again=st.booleans())
    def submit(self, number: int, again: bool) -> None:
        keys = list(self.world.db.commands)
        command_id = keys[number % len(keys)][0] if again else make_id()
        attempts = [attempt for known, attempt in keys if known == command_id]
        self.world.submit(command_id, max(attempts, default=0) + 1)

    @precondition(lambda self: self.world.running())
    @rule(number=ANY, texts=TEXTS, ends=st.booleans())
    def work(self, number: int, texts: list[str], ends: bool) -> None:
        running = self.world.running()
        execution = running[number % len(running)]
        for text in texts:
            self.world.work(execution, text)
        if ends:
            self.world.finish(execution, number % 3)

    @rule(ready=st.integers(0, 9))
    def report_slots(self, ready: int) -> None:
        self.world.report_slots(ready)

    @rule(most=st.sampled_from([1, 3, 1000]), times=st.integers(1, 6))
    def send(self, most: int, times: int) -> None:
        for _ in range(times):
            self.world.send_some(most)

    @rule(fails=st.sampled_from([False, False, True]))
    def commit(self, fails: bool) -> None:
        if fails:
            self.world.fail_commit()
        else:
            self.world.commit()

    @rule()
    def resend_commands(self) -> None:
        self.world.send_commands()

    @rule(seconds=st.sampled_from([1.0, 6.0, 50.0]))
    def let_some_time_pass(self, seconds: float) -> None:
        self.world.tick(0.0)
        self.world.tick(seconds)

    # ------------------------------------------------------------ the wire

    @rule(side=SIDES, count=st.integers(1, 8))
    def deliver(self, side: str, count: int) -> None:
        for _ in range(min(count, len(self.wire(side)))):
            self.world.receives(side, self.wire(side).pop(0))

    @rule(steps=st.integers(5, 40))
    def all_is_well_for_a_while(self, steps: int) -> None:
        for _ in range(steps):
            if self.world.pending and not (self.world.to_node or self.world.to_hub):
                self.world.commit()
            elif not (self.world.to_node or self.world.to_hub):
                self.world.send_some(1000)
            self.deliver_in_order(1)

    @rule(side=SIDES, fault=st.sampled_from(["duplicate", "drop", "reorder"]), number=ANY)
    def the_wire_fails(self, side: str, fault: str, number: int) -> None:
        wire = self.wire(side)
        if not wire:
            return
        at = number % min(len(wire), 5)
        text = wire[at] if fault == "duplicate" else wire.pop(at)
        if fault != "drop":
            wire.insert(number // 5 % 5, text)

    @precondition(lambda self: self.world.ghosts)
    @rule(number=ANY)
    def a_frame_of_an_old_session_turns_up(self, number: int) -> None:
        side, text = self.world.ghosts[number % len(self.world.ghosts)]
        if self.world.is_open(side):
            self.world.receives(side, text)

    # ------------------------------------------------------------ the end of things

    @rule(forgets=st.booleans(), opens=st.sampled_from([0, 1, 2, 3, 3, 3]))
    def a_side_is_killed_and_they_meet_again(self, forgets: bool, opens: int) -> None:
        """The hub loses what it had not committed; a daemon may lose cursors it had not synced."""
        if forgets:
            self.world.disk.acked.clear()
            self.world.disk.settled.clear()
        self.world.connect()
        self.deliver_in_order(opens)

    @rule(number=ANY)
    def the_checksum_of_a_log_does_not_match(self, number: int) -> None:
        db = self.world.db
        open_logs = [name for name in db.logs if name not in db.settled]
        if open_logs:
            name = open_logs[number % len(open_logs)]
            self.world.lose_log(name, number % (len(db.logs[name]) + 1))

    # ------------------------------------------------------------ the promises

    @invariant()
    def the_promises_hold(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        self.world.heal()


TestExactlyOnce = ExactlyOnce.TestCase
TestExactlyOnce.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def spoil(wire: list[str], dice: random.Random) -> None:
    """Repeat, lose or displace one of the next five frames."""
    at = dice.randrange(min(len(wire), 5))
    fault = dice.choice(["duplicate", "drop", "reorder"])
    text = wire[at] if fault == "duplicate" else wire.pop(at)
    if fault != "drop":
        wire.insert(dice.randint(0, 5), text)


def blow(world: World, dice: random.Random) -> None:
    """Take one step of a long and busy session on a bad wire."""
    side = dice.choice(["hub", "node"])
    wire = world.to_hub if side == "hub" else world.to_node
    match dice.choices(range(9), [20, 20, 36, 8, 3, 1, 1, 0.7, 0.3])[0]:
        case 0 if running := world.running():
            world.work(dice.choice(running), "abcü\n"[: dice.randint(1, 5)])
        case 1:
            world.send_some(dice.choice([1, 3, 1000]))
        case 2 if wire:
            world.receives(side, wire.pop(0))
        case 3:
            world.commit()
        case 4 if wire:
            spoil(wire, dice)
        case 5:
            world.tick(dice.choice([1.0, 6.0, 50.0]))
        case 6:
            world.report_slots(dice.randint(0, 9))
        case 7 if len(world.db.commands) < 6:
            world.submit(make_id(), 1)
        case 8:
            dice.choice([world.connect, world.fail_commit, world.send_commands])()
        case _:
            pass


@pytest.mark.parametrize("seed", range(20))
def test_a_long_storm_passes_without_loss(seed: int) -> None:
    dice, world = random.Random(seed), World()
    world.connect()
    world.submit(make_id(), 1)
    for step in range(1500):
        blow(world, dice)
        if step % 25 == 0:
            world.check()
    world.heal()
    assert world.sources


def test_a_world_without_faults_comes_to_rest() -> None:
    world = World()
    world.connect()
    world.submit(make_id(), 1)
    while world.run_clean_step():
        world.check()
    world.heal()
    assert list(world.effects.values()) == [1]
