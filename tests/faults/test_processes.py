"""F20 to F22: what a script leaves behind is ended with it."""

from pathlib import Path

import pytest

from tests.support.machine import Machine
from tests.support.place import Making
from tests.support.processes import wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

HIDERS = """
(setsid sleep 600 &)
nohup sleep 600 > /dev/null 2>&1 &
python3 -c '
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()'
echo left them behind
exit 0
"""


def test_f20_children_in_the_background_end_with_the_attempt(
    node: Machine, rest: Rest, make: Making
) -> None:
    prepare = rest.prepared(rest.map(make(HIDERS), node.id)["id"])
    assert prepare["status"] == "succeeded"
    assert b"left them behind" in rest.log("prepares", prepare["id"])
    wait_until(lambda: not node.leftovers() or None, what="no process of the attempt", deadline=5)


def test_f21_a_child_that_holds_stdout_does_not_hold_up_the_end(
    node: Machine, rest: Rest, make: Making
) -> None:
    prepare = rest.prepared(rest.map(make("sleep 600 &\necho over\nexit 0"), node.id)["id"])
    assert prepare["status"] == "succeeded"
    wait_until(lambda: not node.leftovers() or None, what="no process of the attempt", deadline=5)


def test_f22_a_script_that_ignores_the_signals_is_ended_all_the_same(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    script = f"trap '' TERM INT; touch {tmp_path}/started; while true; do sleep 1; done"
    prepare_id = rest.map(make(script), node.id)["id"]
    wait_until((tmp_path / "started").exists, what="the script's start")
    rest.post(f"/api/prepares/{prepare_id}/cancel")
    prepare = rest.prepared(prepare_id)
    assert (prepare["status"], prepare["reason"]) == ("cancelled", "cancelled")
    (binding,) = rest.get(f"/api/environments/{prepare['environmentId']}/bindings")["bindings"]
    assert binding["status"] == "error"
    wait_until(lambda: not node.leftovers() or None, what="no process of the attempt", deadline=5)
