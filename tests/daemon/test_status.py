import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openviber_daemon.attempt import Job, make_attempt
from openviber_daemon.clock import SystemClock
from openviber_daemon.home import Home
from openviber_daemon.spool import Spool
from openviber_daemon.status import (
    AlreadyRunningError,
    DaemonLock,
    find_daemon,
    read_status,
    write_link,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_one_daemon_has_a_home(home: Home) -> None:
    assert find_daemon(home) is None
    with DaemonLock(home):
        assert find_daemon(home) is not None
        with pytest.raises(AlreadyRunningError, match="already runs on"), DaemonLock(home):
            pass
    assert find_daemon(home) is None


def test_a_stopped_node_tells_what_it_still_holds(home: Home) -> None:
    job = Job("run", uuid.uuid4(), uuid.uuid4(), 1, {})
    attempt = make_attempt(home.attempt(job.execution_id), job, home=home.root, log_limit_bytes=1)
    attempt.log.write_bytes(b"x" * 10)
    write_link(home, state="connected", detail="", at=datetime.now(UTC))
    with Spool(home.state_file, clock=SystemClock()) as spool:
        spool.save_cursors({f"log/{job.execution_id}": 4})
        status = read_status(home, spool, board="b", node="n")
    assert (status.is_running, status.link, status.spool_bytes) == (False, "not running", 6)
    assert not status.executions[0].is_alive


def test_a_running_node_tells_its_link(home: Home) -> None:
    with DaemonLock(home), Spool(home.state_file, clock=SystemClock()) as spool:
        write_link(home, state="waiting", detail="no answer", at=datetime.now(UTC))
        status = read_status(home, spool, board="b", node="n")
    assert (status.is_running, status.link, status.link_detail) == (True, "waiting", "no answer")
    assert '"is_running": true' in status.as_json()
