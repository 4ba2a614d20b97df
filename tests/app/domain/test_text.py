"""Tests of `openviber_app.domain.text`."""

import pytest

from openviber_app.domain.text import is_storable


@pytest.mark.parametrize(
    "text", ["", "words", "two\nlines\t", "\x1b[31m", "😀", "👨\u200d👩", "\uffff"]
)
def test_text_is_what_every_database_takes(text: str) -> None:
    assert is_storable(text)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udfffb", "\ude00\ud83d"])
def test_a_nul_and_half_a_character_are_not(text: str) -> None:
    assert not is_storable(text)
