import pytest

from openviber_daemon.board_client import (
    BoardClient,
    BoardRefusedError,
    BoardUnreachableError,
    OddAnswerError,
)
from tests.support.processes import free_port
from tests.support.tiny_board import tiny_board


def test_a_configuration_that_is_the_same_is_not_sent_again() -> None:
    with tiny_board() as board:
        client = BoardClient(board.url)
        first = client.node_config(node_id=board.node_id, auth_token=board.auth_token, etag="")
        assert first.body == {"config": board.config}
        again = client.node_config(
            node_id=board.node_id, auth_token=board.auth_token, etag=first.etag
        )
        assert (again.status, again.body) == (304, {})


def test_the_boards_own_words_are_passed_on() -> None:
    with (
        tiny_board() as board,
        pytest.raises(BoardRefusedError, match="this is not a node's token") as refused,
    ):
        BoardClient(board.url).node_config(node_id=board.node_id, auth_token="x", etag="")
    assert refused.value.status == 401


def test_a_board_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(BoardUnreachableError, match="is the board running"):
        BoardClient(f"http://127.0.0.1:{free_port()}").ask("/api")


@pytest.mark.parametrize("raw", [b"<html>", b"[]"])
def test_what_does_not_answer_like_a_board_is_said(raw: bytes) -> None:
    with tiny_board() as board:
        board.raw = 200, raw
        with pytest.raises(OddAnswerError):
            BoardClient(board.url).ask("/api")


def test_a_page_without_a_problem_document_still_has_words() -> None:
    with tiny_board() as board:
        board.raw = 502, b"<html>bad gateway"
        with pytest.raises(BoardRefusedError, match="it answered 502"):
            BoardClient(board.url).ask("/api")


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with tiny_board() as board, tiny_board() as other:
        board.raw, board.location = (302, b""), other.url
        with pytest.raises(BoardRefusedError, match="302"):
            BoardClient(board.url).node_config(node_id=board.node_id, auth_token="x", etag="")
