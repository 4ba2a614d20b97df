import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.support.board_process import BoardProcess, board_process


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    with board_process(tmp_path_factory.mktemp("board")) as started:
        yield started


def get(board: BoardProcess, path: str) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(board.url + path, timeout=20) as answer:
            return answer.status, answer.headers["content-type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read()


def test_every_noun_of_the_api_is_mounted(board: BoardProcess) -> None:
    _, _, body = get(board, "/api/openapi.json")
    nouns = {path.split("/")[2] for path in json.loads(body)["paths"]}
    assert nouns >= {
        "bindings",
        "daemon",
        "environments",
        "me",
        "nodes",
        "prepares",
        "runs",
        "sessions",
        "setup",
        "threads",
        "tokens",
    }


def test_an_unknown_path_of_the_api_is_a_problem_and_no_page(board: BoardProcess) -> None:
    status, kind, _ = get(board, "/api/nothing")
    assert (status, kind) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/", "/setup", "/sign-in", "/threads/some", "/environments/some"])
def test_every_page_is_served_at_its_address(board: BoardProcess, path: str) -> None:
    status, kind, body = get(board, path)
    assert status == 200
    assert kind.startswith("text/html")
    assert b"localhost:8000" not in body


def test_a_page_that_is_none_is_not_found(board: BoardProcess) -> None:
    assert get(board, "/nowhere/at/all")[0] == 404
