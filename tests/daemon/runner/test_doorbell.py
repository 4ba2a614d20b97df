"""The doorbell that a runner rings."""

import os
import socket
from pathlib import Path

from openviber_daemon.runner.doorbell import Doorbell


def listen(home: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.settimeout(30)
    here = os.open(home, os.O_PATH)
    try:
        server.bind(f"/proc/self/fd/{here}/doorbell.sock")
    finally:
        os.close(here)
    return server


def test_the_daemon_hears_whose_bell_it_is(tmp_path: Path) -> None:
    bell = Doorbell(tmp_path, "an-execution")
    with listen(tmp_path) as daemon:
        bell.ring()
        assert daemon.recv(100) == b"an-execution"
    bell.close()


def test_a_home_too_long_for_a_sockets_name_works(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 40)
    home.mkdir()
    bell = Doorbell(home, "an-execution")
    with listen(home) as daemon:
        bell.ring()
        assert daemon.recv(100) == b"an-execution"
    bell.close()


def test_a_daemon_that_is_away_is_no_error_and_is_heard_when_back(tmp_path: Path) -> None:
    bell = Doorbell(tmp_path, "an-execution")
    bell.ring()
    with listen(tmp_path) as daemon:
        bell.ring()
        assert daemon.recv(100) == b"an-execution"
    bell.ring()
    bell.close()


def test_a_daemon_that_does_not_listen_never_blocks_the_runner(tmp_path: Path) -> None:
    bell = Doorbell(tmp_path, "an-execution")
    with listen(tmp_path):
        for _ in range(10_000):
            bell.ring()
    bell.close()
