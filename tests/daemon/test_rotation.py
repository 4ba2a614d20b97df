"""A node changes its keys, and whatever ends in between leaves an identity that works."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openviber_daemon import rotation
from openviber_daemon.board_client import BoardClient, BoardRefusedError, BoardUnreachableError
from openviber_daemon.config import NodeConfig, load_config, save_config
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home
from openviber_daemon.keys import load_keys, make_keys, save_keys
from tests.support.tiny_board import TinyBoard, onboard_to, tiny_board


@pytest.fixture
def board() -> Iterator[TinyBoard]:
    with tiny_board() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, board: TinyBoard) -> Home:
    made, keys = Home(tmp_path / "home"), make_keys()
    made.create()
    save_keys(made, keys)
    board.signing_key = base64.b64encode(keys.signing_public).decode()
    config = NodeConfig(
        board_url=board.url,
        node_id=board.node_id,
        node_name="studio-01",
        hub_key="",
        hub_key_id="",
        auth_token=board.auth_token,
    )
    save_config(made, config)
    return made


def works(home: Home, board: TinyBoard) -> bool:
    """Whether the identity on the disk is the one that the board knows."""
    config, keys = load_config(home), load_keys(home)
    public = base64.b64encode(keys.signing_public).decode()
    return board.knows(f"Bearer {config.auth_token}") and public == board.signing_key


def test_new_keys_and_a_new_token_replace_the_old_ones_on_both_sides(
    home: Home, board: TinyBoard
) -> None:
    old_config, old_keys = load_config(home), load_keys(home)
    keys = rotation.rotate(home)
    assert works(home, board)
    assert load_keys(home).signing_key_id == keys.signing_key_id != old_keys.signing_key_id
    assert load_keys(home).sealing_key_id != old_keys.sealing_key_id
    assert load_config(home).auth_token != old_config.auth_token
    assert not board.knows(f"Bearer {old_config.auth_token}")
    assert not home.next_identity_file.exists()
    for file in (home.root / "keys").iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert rotation.rotate(home).signing_key_id != keys.signing_key_id  # and again
    assert works(home, board)


def test_when_the_answer_is_lost_the_node_finds_out_which_identity_is_right(
    home: Home, board: TinyBoard
) -> None:
    board.loses_answer = True
    with pytest.raises(BoardUnreachableError):
        rotation.rotate(home)
    assert not works(home, board)  # the board is ahead: the old one is on the disk
    assert rotation.finish(home)
    assert works(home, board)
    assert not rotation.finish(home)


def test_a_second_try_after_a_lost_answer_makes_no_third_identity(
    home: Home, board: TinyBoard
) -> None:
    board.loses_answer = True
    with pytest.raises(BoardUnreachableError):
        rotation.rotate(home)
    board.loses_answer = False
    taken = board.signing_key
    rotation.rotate(home)
    assert board.signing_key == taken
    assert works(home, board)


@pytest.mark.parametrize("status", [403, 422, 500])
def test_a_board_that_says_no_leaves_the_old_identity(
    home: Home, board: TinyBoard, status: int
) -> None:
    board.refuses_keys = status
    with pytest.raises(BoardRefusedError, match="not today"):
        rotation.rotate(home)
    assert works(home, board)
    assert not rotation.finish(home)
    assert home.next_identity_file.exists() == (status == 500)  # it may have been stored after all
    board.refuses_keys = 0
    rotation.rotate(home)
    assert works(home, board)


class _PowerCutError(Exception):
    """The process ends here."""


WRITES = ("_save_next", "write_private", "save_keys", "save_config", "forget_next")


@pytest.mark.parametrize("point", range(7))
def test_a_crash_at_any_step_leaves_an_identity_that_works(
    home: Home, board: TinyBoard, point: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [point]

    def cut(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **named: object) -> object:
            if not left[0]:
                raise _PowerCutError
            left[0] -= 1
            return real(*arguments, **named)

        return step

    with monkeypatch.context() as patched:
        for name in WRITES:
            patched.setattr(rotation, name, cut(getattr(rotation, name)))
        try:
            rotation.rotate(home)
        except _PowerCutError:
            assert not left[0]
    rotation.adopt_taken(home)  # as every start does
    rotation.finish(home)  # as a daemon does that the board refuses
    assert works(home, board)
    assert not home.next_identity_file.exists() or point == 1


def test_the_sealing_key_before_is_kept_for_runners_that_just_began_and_then_destroyed(
    home: Home,
) -> None:
    old = home.sealing_key_file.read_bytes()
    rotation.rotate(home)
    assert home.previous_sealing_key_file.read_bytes() == old
    rotation.retire_previous(home)
    assert home.previous_sealing_key_file.exists()
    rotation.retire_previous(home, older_than_seconds=0)
    assert not home.previous_sealing_key_file.exists()


def test_onboarding_again_forgets_an_unfinished_change(home: Home, board: TinyBoard) -> None:
    board.refuses_keys = 500
    with pytest.raises(NodeError):
        rotation.rotate(home)
    board.claims.clear()
    onboard_to(board, home, replace=True)
    assert not home.next_identity_file.exists()


def test_the_new_token_never_travels(home: Home, board: TinyBoard) -> None:
    sent: list[object] = []
    real = BoardClient.ask

    def ask(self: BoardClient, path: str, **named: object) -> object:
        sent.append(named.get("send"))
        return real(self, path, **named)  # pyright: ignore[reportArgumentType]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BoardClient, "ask", ask)
        rotation.rotate(home)
    assert load_config(home).auth_token not in json.dumps(sent)


@pytest.mark.parametrize("cut_off", ["save_keys", "save_config", "forget_next"])
def test_what_the_board_has_taken_is_put_in_place_at_the_next_start_without_asking_it(
    home: Home, board: TinyBoard, cut_off: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise _PowerCutError

    with monkeypatch.context() as patched:
        patched.setattr(rotation, cut_off, cut)
        with pytest.raises(_PowerCutError):
            rotation.rotate(home)
    board.raw = (500, b"")
    rotation.adopt_taken(home)
    assert works(home, board)
    assert not home.next_identity_file.exists()
