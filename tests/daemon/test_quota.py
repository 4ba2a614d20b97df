import os
import uuid
from pathlib import Path

from openviber_daemon.home import Home
from openviber_daemon.quota import choose_excess


def test_the_oldest_delivered_go_first_and_no_more_than_needed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    names = [uuid.uuid4() for _ in range(4)]
    for age, name in enumerate(names):
        home.attempt(name).mkdir(parents=True)
        (home.attempt(name) / "log").write_bytes(b"x" * 100)
        os.utime(home.attempt(name), (age, age))
    delivered = [names[3], names[0], names[2], uuid.uuid4()]
    assert choose_excess(home, delivered, limit_bytes=150) == [names[0], names[2]]
    assert choose_excess(home, delivered, limit_bytes=300) == []
