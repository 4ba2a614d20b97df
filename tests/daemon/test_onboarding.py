import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from openviber_daemon.board_client import BoardRefusedError
from openviber_daemon.config import InsecureBoardError, load_config
from openviber_daemon.home import Home
from openviber_daemon.keys import load_keys
from openviber_daemon.onboarding import (
    AlreadyOnboardedError,
    DaemonInTheWayError,
    NoTokenError,
    onboard,
)
from openviber_daemon.status import DaemonLock
from tests.support.tiny_board import onboard_to, tiny_board


def test_a_token_makes_a_node_with_keys_of_its_own(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
    config, keys = load_config(home), load_keys(home)
    assert (config.node_id, config.node_name) == (board.node_id, "studio-01")
    assert base64.b64decode(board.claims[0]["sealingKey"]) == keys.sealing_public
    assert board.claims[0]["capabilities"]["cores"] > 0
    assert board.token not in home.config_file.read_text()


def test_a_used_token_is_refused_in_the_boards_words_and_nothing_is_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, Home(tmp_path / "first"))
        with pytest.raises(BoardRefusedError, match="was used or has expired"):
            onboard_to(board, home)
    assert not home.config_file.exists()
    assert not home.signing_key_file.exists()


def test_an_identity_is_only_given_up_when_that_was_said(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
        with pytest.raises(AlreadyOnboardedError, match="--replace"):
            onboard_to(board, home)
        before = load_keys(home).signing_key_id
        board.claims.clear()
        with DaemonLock(home), pytest.raises(DaemonInTheWayError):
            onboard_to(board, home, replace=True)
        onboard_to(board, home, replace=True)
        assert load_keys(home).signing_key_id != before


def test_a_token_is_never_sent_in_the_clear_over_a_network(tmp_path: Path) -> None:
    with pytest.raises(InsecureBoardError):
        onboard(
            Home(tmp_path),
            token="t",
            board_url="http://192.0.2.1:3000",
            name="",
            allow_insecure=False,
            replace=False,
        )


def test_no_token_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoTokenError):
        onboard(
            Home(tmp_path),
            token="",
            board_url="http://127.0.0.1:1",
            name="",
            allow_insecure=False,
            replace=False,
        )


@pytest.mark.parametrize("way", ["argument", "stdin", "environment"])
def test_the_command_takes_its_token_in_three_ways(tmp_path: Path, way: str) -> None:
    environment = {**os.environ, "OPENVIBER_HOME": str(tmp_path / "home")}
    with tiny_board() as board:
        arguments = ["onboard", "--board", board.url, "--name", "desk"]
        if way == "environment":
            environment["OPENVIBER_TOKEN"] = board.token
        else:
            arguments += ["--token", board.token if way == "argument" else "-"]
        done = subprocess.run(
            [sys.executable, "-m", "openviber_daemon", *arguments],
            env=environment,
            input=board.token + "\n" if way == "stdin" else "",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "studio-01" in done.stdout
        assert board.claims[0]["hostname"] == "desk"
    written = json.loads((tmp_path / "home" / "config.json").read_bytes())
    assert written["boardUrl"] == board.url
