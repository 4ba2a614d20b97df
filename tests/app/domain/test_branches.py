"""Tests of `openviber_app.domain.branches`."""

import subprocess
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openviber_app.domain.branches import MAX_LENGTH, branch_name, slug

THREAD = UUID("0193a1b2-c3d4-7e5f-8a9b-0c1d2efeed42")


def test_a_branch_holds_the_words_of_the_title_and_the_end_of_the_id() -> None:
    assert branch_name("Fix the flaky test!", THREAD) == "viber/fix-the-flaky-test-feed42"


def test_accents_are_dropped_and_other_scripts_leave_a_plain_word() -> None:
    assert slug("Größe ändern") == "groe-andern"
    assert slug("修复") == "thread"


def test_a_long_title_is_cut_between_words() -> None:
    name = branch_name("a sentence that goes on and on " * 5, THREAD)
    assert len(name) <= MAX_LENGTH
    assert name == "viber/a-sentence-that-goes-on-and-on-a-sentence-that-feed42"


def test_two_threads_with_one_title_have_two_branches() -> None:
    other = UUID("0193a1b2-c3d4-7e5f-8a9b-0c1d2efeed43")
    assert branch_name("same", THREAD) != branch_name("same", other)


@given(st.text(max_size=200))
def test_any_title_gives_a_short_plain_name(title: str) -> None:
    name = branch_name(title, THREAD)
    assert len(name) <= MAX_LENGTH
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=80))
def test_git_takes_the_name_of_any_title(title: str) -> None:
    name = branch_name(title, THREAD)
    subprocess.run(["git", "check-ref-format", "--branch", name], check=True, capture_output=True)


@pytest.mark.parametrize("title", ["..", "a.lock", "-x", "a..b", "@{u}", "x~1", "HEAD"])
def test_what_means_something_to_git_loses_its_meaning(title: str) -> None:
    name = branch_name(title, THREAD)
    subprocess.run(["git", "check-ref-format", "--branch", name], check=True, capture_output=True)
