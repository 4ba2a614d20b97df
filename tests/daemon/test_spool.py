import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_daemon.clock import SystemClock
from openviber_daemon.spool import CONTROL, Reply, Spool, SpoolVersionError


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with Spool(tmp_path / "state.sqlite3", clock=SystemClock()) as made:
        yield made


def test_the_first_reply_to_a_command_is_the_reply(spool: Spool) -> None:
    command_id = uuid.uuid4()
    assert spool.find_reply(command_id=command_id, attempt=1) is None
    first = Reply(accepted=False, message="no")
    assert spool.store_reply(first, command_id=command_id, attempt=1) == first
    assert spool.store_reply(Reply(accepted=True), command_id=command_id, attempt=1) == first
    assert spool.find_reply(command_id=command_id, attempt=1) == first
    assert spool.find_reply(command_id=command_id, attempt=2) is None


def test_records_come_with_the_first_reply_only(spool: Spool) -> None:
    command_id = uuid.uuid4()
    for _ in range(2):
        spool.store_reply(
            Reply(accepted=True), command_id=command_id, attempt=1, records=[("a", {"n": 1})]
        )
    assert [record.read() for record in spool.list_control(start=0, limit=9)] == [{"n": 1}]


def test_a_number_is_never_given_twice(spool: Spool) -> None:
    for n in range(3):
        spool.store_reply(
            Reply(accepted=True), command_id=uuid.uuid4(), attempt=1, records=[("a", {"n": n})]
        )
    spool.forget_control(before=3)
    assert spool.control_next() == 3
    spool.store_reply(
        Reply(accepted=True), command_id=uuid.uuid4(), attempt=1, records=[("a", {"n": 3})]
    )
    assert [record.seq for record in spool.list_control(start=0, limit=9)] == [3]
    assert spool.cursor(CONTROL) == 3


def test_what_was_kept_outlives_the_daemon(tmp_path: Path) -> None:
    path, command_id = tmp_path / "state.sqlite3", uuid.uuid4()
    with Spool(path, clock=SystemClock()) as spool:
        spool.store_reply(Reply(accepted=True), command_id=command_id, attempt=1)
        spool.save_cursors({"log/x": 7, "events/x": 2})
        spool.drop_cursors(["events/x"])
    with Spool(path, clock=SystemClock()) as spool:
        assert spool.find_reply(command_id=command_id, attempt=1) == Reply(accepted=True)
        assert (spool.cursor("log/x"), spool.cursor("events/x")) == (7, 0)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_newer_daemons_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite3"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(SpoolVersionError, match="newer daemon"):
        Spool(path, clock=SystemClock())
