import os
from pathlib import Path

import pytest

from openviber_daemon import service
from openviber_daemon.home import Home
from openviber_daemon.service import NoUserSystemdError, SystemctlError


def make_systemctl(folder: Path, *, exit_code: int = 0) -> Path:
    """A systemctl that writes down what it was asked."""
    program = folder / "systemctl"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/asked\necho no bus >&2\nexit {exit_code}\n'
    )
    program.chmod(0o755)
    return folder / "asked"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_a_unit_is_installed_started_and_removed(machine: Path) -> None:
    asked = make_systemctl(machine)
    told = service.install(Home(machine / "ho%me"))
    assert "enable-linger" in " ".join(told)
    text = service.unit_file().read_text()
    assert f'Environment="OPENVIBER_HOME={machine}/ho%%me"' in text
    assert '"-m" "openviber_daemon" "start"' in text
    assert "KillMode=process" in text
    service.remove()
    assert not service.unit_file().exists()
    assert asked.read_text().splitlines()[-1] == "--user daemon-reload"
    assert "--user restart openviber.service" in asked.read_text()


def test_without_a_session_it_says_what_to_do(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_systemctl(machine)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(NoUserSystemdError, match="openviber start"):
        service.install(Home(machine))


def test_without_systemd_it_says_so(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine))
    with pytest.raises(NoUserSystemdError, match="has no systemd"):
        service.install(Home(machine))


def test_systemds_own_words_are_passed_on(machine: Path) -> None:
    make_systemctl(machine, exit_code=1)
    with pytest.raises(NoUserSystemdError, match="no bus"):
        service.install(Home(machine))
    with pytest.raises(SystemctlError, match="no bus"):
        service.systemctl("enable", "x")


def test_removing_what_is_not_there_says_so(machine: Path) -> None:
    assert "no service to remove" in service.remove()[0]
    assert machine.exists()
