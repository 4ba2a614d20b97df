import pytest

from openviber_app.states.session import cookie_value, own_path, sign_in_first


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("", ""),
        ("openviber_session=abc", "abc"),
        ("theme=dark; openviber_session=a-b_c; x=1", "a-b_c"),
        ("other=1", ""),
        ("openviber_session=", ""),
        ("\x00;;;=", ""),
    ],
)
def test_the_session_is_read_out_of_a_cookie_header(header: str, value: str) -> None:
    assert cookie_value(header) == value


def test_a_sign_in_leads_back_to_the_page() -> None:
    assert sign_in_first(path="/nodes", query="") == "/sign-in?next=%2Fnodes"
    there = sign_in_first(path="/threads/1", query="a=b&c=d")
    assert there == "/sign-in?next=%2Fthreads%2F1%3Fa%3Db%26c%3Dd"


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/settings?section=tokens", "/settings?section=tokens"),
        ("", "/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_whoever_is_signed_in_goes_on_to_a_page_of_this_board_only(asked: str, path: str) -> None:
    assert own_path(asked) == path
