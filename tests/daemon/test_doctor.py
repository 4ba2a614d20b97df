from datetime import UTC, datetime, timedelta
from pathlib import Path

from openviber_daemon.clock import SystemClock
from openviber_daemon.config import load_config, save_config
from openviber_daemon.doctor import Verdict, check_clock, check_encryption, check_home, examine
from openviber_daemon.home import Home
from tests.support.tiny_board import onboard_to, tiny_board


def test_a_healthy_node_has_nothing_bad(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
        found = examine(home, clock=SystemClock())
    assert not [finding for finding in found if finding.verdict is Verdict.BAD]
    assert {"python", "git", "disk", "board", "clock", "keys", "sandbox"} <= {
        finding.name for finding in found
    }


def test_a_machine_that_is_no_node_is_told_what_to_run(tmp_path: Path) -> None:
    found = examine(Home(tmp_path / "absent"), clock=SystemClock())
    assert found[-1].verdict is Verdict.BAD
    assert "openviber onboard" in found[-1].words


def test_a_board_that_does_not_answer_is_found(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
    words = {finding.name: finding for finding in examine(home, clock=SystemClock())}
    assert words["board"].verdict is Verdict.BAD
    assert "is the board running" in words["board"].words


def test_a_node_that_was_removed_is_told_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
        board.auth_token = "another"
        words = {finding.name: finding for finding in examine(home, clock=SystemClock())}
    assert "was this node removed" in words["board"].words


def test_keys_that_others_can_read_are_found(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
    assert check_home(home).verdict is Verdict.GOOD
    home.signing_key_file.chmod(0o644)
    assert "chmod go= " in check_home(home).words


def test_a_clock_that_is_off_is_found() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    (finding,) = check_clock(now - timedelta(hours=1), now)
    assert finding.verdict is Verdict.BAD
    assert "3600 s ahead of the board" in finding.words
    assert check_clock(now, now)[0].verdict is Verdict.GOOD
    assert check_clock(None, now) == []


def test_an_unencrypted_way_is_said(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
    config = load_config(home)
    assert check_encryption(config).verdict is Verdict.GOOD
    far = type(config)(**{**vars(config), "board_url": "http://far", "allow_insecure": True})
    save_config(home, far)
    assert check_encryption(load_config(home)).verdict is Verdict.DOUBTFUL
