from pathlib import Path

import pytest

from openviber_daemon.daemon_log import LOG, logging_to


def test_what_others_wrote_cannot_forge_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "logs" / "daemon.log"
    with logging_to(path):
        LOG.info("they said %s", "\x1b[2Jhello\n2026 INFO forged\u202e")
        LOG.debug("not asked for")
    written = path.read_text()
    assert "\\x1b[2Jhello\n    2026 INFO forged\\u202e" in written
    assert "not asked for" not in written
    assert capsys.readouterr().err == written
    assert path.stat().st_mode & 0o777 == 0o600


def test_more_is_said_when_asked(tmp_path: Path) -> None:
    with logging_to(tmp_path / "log", is_verbose=True):
        LOG.debug("asked for")
    assert "asked for" in (tmp_path / "log").read_text()
