"""Tests of `openviber_app.domain.origins`."""

import pytest

from openviber_app.domain.origins import Sender, is_own_page

PUBLIC = "https://board.example.org"


def is_own(origin: str | None, *, host: str = "10.0.0.5:3000", site: str | None = None) -> bool:
    return is_own_page(Sender(origin=origin, site=site, host=host), public_url=PUBLIC)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://board.example.org", "10.0.0.5:3000"),  # a proxy asks under another name
        ("https://board.example.org", "board.example.org"),
        ("http://10.0.0.5:3000", "10.0.0.5:3000"),
        ("https://board.lan", "board.lan"),  # a proxy nobody told the board about
        ("http://[::1]:3000", "[::1]:3000"),
        ("http://board.lan", "BOARD.lan"),
    ],
)
def test_the_boards_own_pages_are_known_by_any_of_its_names(origin: str, host: str) -> None:
    assert is_own(origin, host=host)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://board.example.org",  # the public address over a line that others can change
        "https://board.example.org.evil.example",
        "https://board.example.org:444",
        "http://10.0.0.5",
        "http://10.0.0.5:3001",
        "null",
        "",
        "file://",
        "http://",
        "ftp://10.0.0.5:3000",
        "chrome-extension://10.0.0.5:3000",
        "10.0.0.5:3000",
    ],
)
def test_any_other_page_is_a_stranger(origin: str) -> None:
    assert not is_own(origin)
    assert not is_own(origin, host="", site="same-origin")


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        *((None, True), ("none", True), ("same-origin", True), ("", True)),
        *(("same-site", False), ("cross-site", False), ("nonsense", False)),
    ],
)
def test_without_an_origin_the_browsers_own_word_decides(
    site: str | None, *, expected: bool
) -> None:
    assert is_own(None, site=site) is expected
