"""What is left of bytes without what lies between their letters."""

import pytest

from openviber_daemon.redaction.views import character_before, is_plain, join_lines, see


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (b"a\x1b[1;31mb\x1b[0mc", b"abc"),
        (b"a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c", b"abc"),
        (b"a\x1bPq#0\x1b\\b\x1b(Bc\x1b7", b"abc"),
        (b"a\x1b]no end\nb", b"ano end\nb"),
        (b"h\bhi\bi\bi", b"hi"),
        (b"_\bh_\bi\bi", b"hi"),
        (b"_\b__\b_", b"__"),
        ("é\bé_\bü".encode(), "éü".encode()),
        (b"typo\bs", b"typo\bs"),
        (b"\b", b"\b"),
        (b"a\x1b", b"a\x1b"),
    ],
)
def test_escapes_and_overstrikes_are_left_out_and_nothing_else(
    printed: bytes, shown: bytes
) -> None:
    assert see(printed, is_complete=True).view.text == shown


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        (b"ab\x1b", 2),
        (b"ab\x1b[3", 2),
        (b"ab\x1b]0;tit", 2),
        (b"ab\b", 1),
        (b"\b", 0),
        (b"a_\b", 1),
    ],
)
def test_what_depends_on_bytes_to_come_is_told(printed: bytes, at: int) -> None:
    assert see(printed, is_complete=False).unfinished == at


def test_a_span_leads_back_to_what_was_printed() -> None:
    printed = b"> h\x1b[0mi\x1b[0m <"

    assert see(printed, is_complete=True).view.origins((2, 4)) == (2, 8)


def test_a_cut_is_moved_out_of_a_token() -> None:
    terminal = see(b"a\x1b[31mb", is_complete=False)

    assert [terminal.before_token(n) for n in (0, 1, 2, 5, 6, 7)] == [0, 1, 1, 1, 6, 7]


def test_lines_are_joined_whatever_ends_and_indents_them() -> None:
    assert join_lines(b"one\n  two \r\n\tthree four\n\n5", 0).text == b"onetwothree four5"


def test_a_character_may_have_many_bytes() -> None:
    assert character_before("a€".encode(), 4) == "€".encode()
    assert character_before(b"a\x80", 2) == b"\x80"
    assert character_before(b"", 0) == b""


def test_plain_bytes_are_told_from_others() -> None:
    assert is_plain(b"plain\r\n")
    assert not is_plain(b"\x1b[0m")
    assert not is_plain(b"x\bx")
