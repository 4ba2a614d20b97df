"""The daemon's wheel that is handed out."""

import hashlib
import os
from pathlib import Path

import pytest

from openviber_app.services.daemon_wheel import NoDaemonError, find_wheel


def test_without_a_wheel_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(NoDaemonError, match="make run"):
        find_wheel(tmp_path)
    (tmp_path / "openviber_daemon-0.1.0-py3-none-any.whl").write_bytes(b"wheel")
    with pytest.raises(NoDaemonError):
        find_wheel(tmp_path)  # the locked requirements are missing


def test_the_newest_wheel_counts_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"")
    for age, version in [(100, "0.2.0"), (0, "0.10.0")]:
        file = tmp_path / f"openviber_daemon-{version}-py3-none-any.whl"
        file.write_bytes(version.encode())
        stamp = 1_700_000_000 - age
        os.utime(file, (stamp, stamp))
    found = find_wheel(tmp_path)
    assert found.version == "0.10.0"
    assert found.sha256 == hashlib.sha256(b"0.10.0").hexdigest()
    assert found.requirements_sha256 == hashlib.sha256(b"").hexdigest()
    found.file.write_bytes(b"built again")
    assert find_wheel(tmp_path).sha256 == hashlib.sha256(b"built again").hexdigest()
