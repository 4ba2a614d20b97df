from pathlib import Path

import pytest

from openviber_daemon.board_client import OddAnswerError
from openviber_daemon.board_config import BoardConfig
from openviber_daemon.config import load_config
from openviber_daemon.home import Home
from tests.support.tiny_board import onboard_to, tiny_board


def test_a_copy_is_kept_and_brought_up_to_date(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
        copy = BoardConfig(home=home, config=load_config(home))
        assert copy.version == ""
        copy.pull()
        assert copy.version == "v1"
        board.config = {"environments": [], "bindings": [{"id": "b-1"}], "version": "v2"}
        copy.pull()
        copy.pull()
        assert copy.list_bindings() == {"b-1"}
    again = BoardConfig(home=home, config=load_config(home))
    assert again.version == "v2"
    assert home.board_config_file.stat().st_mode & 0o777 == 0o600


def test_an_answer_without_bindings_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with tiny_board() as board:
        onboard_to(board, home)
        copy = BoardConfig(home=home, config=load_config(home))
        copy.pull()
        board.config = {"version": "v2"}
        with pytest.raises(OddAnswerError, match=r"config\.bindings"):
            copy.pull()
        assert copy.version == "v1"
