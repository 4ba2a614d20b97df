import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from openviber_daemon.workspace.slots import MOVES, Slot, SlotMovedError, Slots, SlotState

ADDER = """
import sys
from pathlib import Path
from openviber_daemon.workspace.slots import Slots
home = Path(sys.argv[1])
for _ in range(10):
    Slots(home).add(binding_id="b", environment_id="e", root=home / "w", mirror="m", now=1.0)
"""


def add(home: Path, binding: str = "b", environment: str = "e") -> Slot:
    return Slots(home).add(
        binding_id=binding, environment_id=environment, root=home / "w", mirror="m", now=1.0
    )


def test_a_new_slot_gets_the_lowest_free_number(home: Path) -> None:
    first, second = add(home), add(home, binding="other")
    Slots(home).remove(first)

    third = add(home)

    assert (first.n, second.n, third.n) == (1, 2, 1)
    assert third.path == home / "w" / "1"
    assert third.state is SlotState.FILLING


def test_processes_at_once_never_get_the_same_number(home: Path) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", ADDER, str(home)]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]

    assert [slot.n for slot in Slots(home).list_of_environment("e")] == list(range(1, 31))


@pytest.mark.parametrize("state", SlotState)
@pytest.mark.parametrize("wanted", SlotState)
def test_only_moves_of_the_table_are_made(home: Path, state: SlotState, wanted: SlotState) -> None:
    slots = Slots(home)
    slot = replace(add(home), state=state)
    slots.put_place(slot)
    if wanted is state or wanted in MOVES[state]:
        assert slots.change(slot, replace(slot, state=wanted)).state is wanted
    else:
        with pytest.raises(SlotMovedError, match="cannot become"):
            slots.change(slot, replace(slot, state=wanted))


def test_of_two_who_change_a_slot_only_the_first_does(home: Path) -> None:
    slots = Slots(home)
    slot = slots.change(
        add(home), replace(add(home), n=1, path=home / "w" / "1", state=SlotState.READY)
    )
    slots.change(slot, replace(slot, state=SlotState.CLAIMED, thread_id="t1"))

    with pytest.raises(SlotMovedError, match="changed by another"):
        slots.change(slot, replace(slot, state=SlotState.CLAIMED, thread_id="t2"))

    found = slots.find_of_thread("t1")
    assert found is not None
    assert found.n == 1
    assert slots.find_of_thread("t2") is None


def test_the_report_counts_ready_and_claimed_but_no_folder_in_place(home: Path) -> None:
    slots = Slots(home)
    binding = str(uuid.uuid4())
    for state in (SlotState.READY, SlotState.READY, SlotState.CLAIMED, SlotState.BROKEN):
        slot = add(home, binding=binding)
        slots.put_place(replace(slot, state=state))
    slots.put_place(replace(add(home, binding=binding), n=0, state=SlotState.READY))

    assert slots.report(binding) == {"bindingId": binding, "ready": 2, "claimed": 1}
    assert slots.report("nobody") == {"bindingId": "nobody", "ready": 0, "claimed": 0}


def test_everything_of_a_slot_is_read_back(home: Path) -> None:
    slots = Slots(home)
    slot = replace(
        add(home),
        thread_id="t",
        branch="viber/x",
        base_commit="abc",
        fingerprint={"commit": "é"},
        last_used_at=2.5,
    )
    slots.put_place(slot)

    assert slots.find(environment_id="e", n=1) == slot
    assert slots.list_all() == [slot]
    assert slots.list_of_binding("b") == [slot]
    assert slots.find(environment_id="e", n=9) is None
