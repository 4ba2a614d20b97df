import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_app.domain.found_words import pieces_of, snippet_of, terms_of


def marked(pieces: tuple[str, ...]) -> list[str]:
    return list(pieces[1::2])


def test_what_has_no_letter_is_not_searched_for() -> None:
    assert terms_of('  foo "*" % bar-baz\0x ') == ("foo", "bar-baz", "x")
    assert terms_of("%") == ()
    assert len(terms_of("a " * 50)) == 8


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        ("Fix the Webhook", ("web",), ["Web"]),
        ("Überprüfung", ("uber",), ["Über"]),
        ("not inside: rewebhook", ("web",), []),
        ("foo-bar and bar", ("foo-bar",), ["foo", "bar", "bar"]),
        ("retry_backoff", ("back",), ["back"]),
        ("", ("x",), []),
    ],
)
def test_a_term_is_found_where_it_begins_a_word(
    text: str, terms: tuple[str, ...], found: list[str]
) -> None:
    assert marked(pieces_of(text, terms)) == found


def test_a_snippet_is_a_line_around_the_first_match() -> None:
    text = "word " * 40 + "\n needle in\n\nthe hay " + "more " * 40
    parts = snippet_of(text, ("needle",))
    line = "".join(parts)
    assert line.startswith("…word word")
    assert line.endswith("…")
    assert "needle in the hay" in line
    assert marked(parts) == ["needle"]
    assert snippet_of("", ("needle",)) == ()


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_nothing_of_a_text_is_lost_or_made_up(text: str, terms: list[str]) -> None:
    assert "".join(pieces_of(text, terms)) == text
