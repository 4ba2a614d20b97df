"""JSON that two parsers could read differently, or that is built to hurt one of them."""

import pytest

from openviber_protocol.json_guard import BadFrameError, has_repeated_key, read_object


def nested(depth: int) -> str:
    return '{"a":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"a":1}x', "not JSON"),
        ("[1]", "not an object"),
        ('"a"', "not an object"),
        ("null", "not an object"),
        ('{"a":1,"b":2,"a":3}', "'a' twice"),
        ('{"x":{"a":1,"a":1}}', "'a' twice"),
        ('{"a":NaN}', "NaN"),
        ('{"a":Infinity}', "Infinity"),
        ('{"a":-Infinity}', "-Infinity"),
        ('{"a":1e999}', "too large"),
        ('{"a":-1e999}', "too large"),
        ('{"a":9007199254740993}', "2\\*\\*53"),
        ('{"a":-9007199254740993}', "2\\*\\*53"),
        ('{"a":' + "9" * 200_000 + "}", "2\\*\\*53"),
        (nested(33), "deeper than 32"),
        (nested(10_000), "deeper than 32"),
        ('{"a":' + "[" * 100_000 + "}", "deeper than 32"),
        ("{" + ",".join(f'"k{n}":1' for n in range(1001)) + "}", "more than 1000 keys"),
    ],
    ids=lambda value: value[:24],
)
def test_json_abuse_is_a_bad_frame(text: str, says: str) -> None:
    with pytest.raises(BadFrameError, match=says):
        read_object(text)


def test_what_is_just_within_the_limits_is_read() -> None:
    assert read_object(nested(32))
    assert read_object('{"a":9007199254740992,"b":-9007199254740992}')
    assert len(read_object("{" + ",".join(f'"k{n}":1' for n in range(1000)) + "}")) == 1000
    assert read_object('{"a":[' + ",".join("{}" for _ in range(100)) + "]}")


def test_the_scan_finds_a_repeated_key_and_no_false_one() -> None:
    assert has_repeated_key('{"a":1,"b":{"c":"x"},"a":2}')
    assert has_repeated_key('{"a":1,"a" \n:2}')
    assert not has_repeated_key('{"a":"a","b":{"c":"b"}}')
    assert not has_repeated_key('{"type":"thread:log","payload":{"data":"type"}}')
