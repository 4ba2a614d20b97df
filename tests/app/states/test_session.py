import pytest

from openviber_app.states.session import cookie_value


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
