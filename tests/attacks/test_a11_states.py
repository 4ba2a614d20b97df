"""A11 on a real board: no answer, page, export or state tells a secret."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import reflex as rx
from playwright.sync_api import Browser

from openviber_app.openviber_app import app
from openviber_app.states.workspace import Workspace
from tests.support import watched_board
from tests.support.board_process import ROOT, board_process
from tests.support.canaries import found_in
from tests.support.machine import files_with
from tests.support.read_back import BEGUN, FORMS, LENGTH, LONG, VALUES, Seen, told_by, work
from tests.support.rest import Rest
from tests.support.watched_board import MARK

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("a11")
    asked = folder / "states"
    with ExitStack() as opened:
        program = ("tests.support.watched_board", str(asked))
        board = opened.enter_context(board_process(folder, program=program))
        rest = Rest(board.url)
        rest.become_owner(board.setup_code())
        yield work(opened, board=board, rest=rest, browser=browser, asked=asked)
        assert files_with(BEGUN, folder) == []


# ---------------------------------------------------------------- the states


def test_the_look_at_the_states_shows_what_is_in_them(seen: Seen) -> None:
    last = seen.states[-1]
    kinds = {kind.get_full_name() for kind in (rx.State, *rx.State.get_substates())}
    for kind in kinds:
        assert MARK + kind.encode() + b"\n" in last, kind
    assert last.count(MARK + Workspace.get_full_name().encode() + b"\n") >= 8  # every tab's
    for shown in (b"with-secrets", b"the only thread", b"attic", *map(str.encode, VALUES)):
        assert shown in last, shown  # names, also those of the secrets that a lost node has seen


def test_no_state_of_the_process_has_ever_held_a_secret(seen: Seen) -> None:
    assert len(seen.states) >= 6
    for number, states in enumerate(seen.states):
        assert told_by(states) == [], number


def test_the_search_would_find_each_in_a_state() -> None:
    for value in VALUES.values():
        state = Workspace(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
        state.person = value
        assert told_by(b"\n".join(watched_board.parts_of(state)))
    for telling in (hashlib.sha256(LONG.encode()).hexdigest(), f"size:{LENGTH}"):
        state = Workspace(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
        state.thread = state.thread.__class__(title=telling)
        assert told_by(b"\n".join(watched_board.parts_of(state)))


def test_no_snapshot_of_a_state_is_made(seen: Seen) -> None:
    assert seen.states
    assert type(app.state_manager).__name__ == "StateManagerMemory"
    assert not [*ROOT.glob(".states/*"), *ROOT.glob("openviber_app/_frontend/.states/*")]


def test_what_is_typed_into_a_secrets_field_takes_no_way_through_a_state(seen: Seen) -> None:
    sent = b"\n".join(seen.frames)
    assert b"hydrate_and_load" in sent  # frames of the page's own socket, both ways
    assert b"with-secrets" in sent
    assert told_by(sent) == []


# ---------------------------------------------------------------- everything else that is read


def test_no_answer_to_a_get_a_put_a_list_or_a_refusal_tells_of_one(seen: Seen) -> None:
    assert len(seen.answers) > 40
    assert any(b'"errors"' in one for one in seen.answers)
    for answer in seen.answers:
        assert told_by(answer) == [], answer[:300]


def test_no_page_and_nothing_that_a_browser_keeps_tells_of_one(seen: Seen) -> None:
    for text in (*seen.pages, *seen.kept_in_the_browser):
        assert told_by(text) == [], text[:300]
    assert any(b"TYPED" in one for one in seen.kept_in_the_browser)  # the draft, without its value
    assert json.loads(seen.kept_in_the_browser[-1])  # one is for a new value, and it is empty


def test_the_export_of_everything_holds_ciphertext_only(seen: Seen) -> None:
    assert b"SQLite format 3" in seen.export
    assert b"with-secrets" in seen.export
    assert found_in(seen.export) == []
    assert [form for form in FORMS if form in seen.export] == []
