"""F03 and F04: the board goes away in the middle and comes back; nothing is missing."""

import hashlib
from pathlib import Path

import pytest

from tests.faults.test_node_killed import assert_whole, lines_of
from tests.support.board_process import BoardProcess
from tests.support.machine import Machine, wait_online
from tests.support.place import Making
from tests.support.processes import wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

STREAM = """
echo started >> {marks}/starts
for part in 1 2 3 4 5; do
  head -c 10485760 /dev/zero | tr '\\0' x | fold -w 1023
  touch {marks}/part-$part
  sleep 0.3
done
"""


def test_f03_a_board_killed_in_mid_stream_has_every_byte_afterwards(
    board: BoardProcess, node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    prepare_id = rest.map(make(STREAM.format(marks=tmp_path)), node.id)["id"]
    wait_until((tmp_path / "part-2").exists, what="the second part")
    board.kill()
    wait_until((tmp_path / "part-3").exists, what="the script to go on without the board")
    board.restart()
    prepare = rest.prepared(prepare_id, deadline=180)
    assert prepare["status"] == "succeeded"
    log = assert_whole(rest, "prepares", prepare)
    assert log.count(b"x") >= 5 * 10485760
    assert lines_of(tmp_path / "starts") == ["started"]


def test_f03_a_board_killed_twice_during_a_run_has_its_true_end(
    board: BoardProcess, node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    environment = make("true")
    assert rest.prepared(rest.map(environment, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(environment)
    script = f"echo once >> {tmp_path}/starts; echo work > result.txt; sleep 4; exit 3"
    run = rest.run_of(thread, rest.say(thread, script))
    wait_until((tmp_path / "starts").exists, what="the run's start")
    for _ in range(2):
        board.kill()
        board.restart()
    ended = rest.finished(run["id"])
    assert (ended["status"], ended["exitCode"]) == ("failed", 3)
    assert [file["path"] for file in ended["files"]] == ["result.txt"]
    assert lines_of(tmp_path / "starts") == ["once"]
    assert_whole(rest, "runs", ended)


def test_a_command_answered_before_a_kill_is_carried_out_once_afterwards(
    board: BoardProcess, node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    environment = make(f"echo once >> {tmp_path}/starts")
    prepare_id = rest.map(environment, node.id)["id"]
    board.kill()
    board.restart()
    assert rest.prepared(prepare_id)["status"] == "succeeded"
    assert lines_of(tmp_path / "starts") == ["once"]


def test_f04_an_orderly_restart_says_1012_and_no_status_flaps(
    board: BoardProcess, node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    script = (
        f"echo once >> {tmp_path}/starts; for n in $(seq 1 40); do echo line $n; sleep 0.1; done"
    )
    prepare_id = rest.map(make(script), node.id)["id"]
    wait_until((tmp_path / "starts").exists, what="the script's start")
    assert board.stop() == 0
    board.restart()
    assert rest.get(f"/api/prepares/{prepare_id}")["status"] in {"accepted", "running"}
    wait_online(rest, node)
    prepare = rest.prepared(prepare_id)
    assert prepare["status"] == "succeeded"
    log = assert_whole(rest, "prepares", prepare)
    assert hashlib.sha256(log).hexdigest() == prepare["log"]["sha256"]
    assert "the board is restarting" in node.process.output()  # what 1012 means
    assert lines_of(tmp_path / "starts") == ["once"]
