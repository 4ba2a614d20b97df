"""The forms in which real tools print a secret."""

import base64
import html
import json
import shutil
import subprocess
import urllib.parse

import pytest

from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.needles import derive_needles
from openviber_daemon.redaction.stream import redact as mask

SECRET = "s3cr/t+v\"al'ue<&>\\ $x"
KEY = (
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    + "\n".join(base64.b64encode(bytes(range(i, i + 48))).decode() for i in range(0, 200, 10))
    + "\n-----END OPENSSH PRIVATE KEY-----\n"
)


def redact(text: bytes | str, *secrets: str) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return mask(NeedleSet.of_secrets(secrets), data)


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        urllib.parse.quote(SECRET),
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote(SECRET, safe="").lower(),
        urllib.parse.quote_plus(SECRET),
        urllib.parse.urlencode({"k": SECRET})[2:],
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")[1:-1],
        html.escape(SECRET),
        repr(SECRET)[1:-1],
        repr(SECRET.encode())[2:-1],
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
    ],
)
def test_a_form_is_masked_whole(form: str) -> None:
    assert redact(f"before {form} after", SECRET) == b"before [REDACTED] after"


@pytest.mark.parametrize("script", ['set -x; : "$S"', 'printf "%q\\n" "$S"', "declare -p S"])
def test_what_bash_itself_prints_is_masked(script: str) -> None:
    done = subprocess.run(
        ["bash", "-c", script], env={"S": SECRET}, capture_output=True, check=True
    )
    shown = redact(done.stdout + done.stderr, SECRET)

    assert b"[REDACTED]" in shown
    assert b"s3cr" not in shown


@pytest.mark.parametrize("alignment", range(3))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_of_a_text_around_the_secret_is_masked_at_each_alignment(alignment, encode) -> None:
    secret = "correct-horse-battery-staple?>~"
    encoded = encode(b"x" * (3 + alignment) + secret.encode() + b"tail of the text")
    core = encode(b"\0" * alignment + secret.encode())[(0, 2, 3)[alignment] : -4]

    shown = redact(encoded, secret)

    assert core in encoded
    assert core[:8] not in shown
    assert core[-8:] not in shown
    assert b"[REDACTED]" in shown


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("before", range(0, 80, 7))
def test_base64_is_masked_wherever_a_tool_wrapped_it(width: int, before: int) -> None:
    secret = "correct-horse-battery-staple-and-a-rather-long-tail-9"
    text = b"p" * before + secret.encode() + b"something after it"
    tool = shutil.which("base64")
    assert tool
    done = subprocess.run([tool, f"-w{width}"], input=text, capture_output=True, check=True)

    shown = redact(done.stdout, secret)

    start = (before * 8 + 5) // 6
    end = (before + len(secret)) * 8 // 6
    joined = done.stdout.replace(b"\n", b"")
    assert b"[REDACTED]" in shown
    for at in range(start, end - 8):
        assert joined[at : at + 8] not in shown.replace(b"\n", b"")


def test_each_line_of_a_key_is_masked_even_alone_and_with_terminal_line_ends() -> None:
    lines = KEY.splitlines()

    assert redact(KEY.strip(), KEY) == b"[REDACTED]"
    assert redact(KEY.replace("\n", "\r\n").strip(), KEY) == b"[REDACTED]"
    assert redact("   | " + lines[4] + " |", KEY) == b"   | [REDACTED] |"
    shown = redact("\r\n".join(f"  {line}" for line in lines), KEY)
    assert not any(line.encode() in shown for line in lines)


def test_a_trailing_newline_of_the_value_does_not_hide_it() -> None:
    assert redact("token=abcd1234;", "abcd1234\n") == b"token=[REDACTED];"


def test_short_derived_forms_are_not_looked_for() -> None:
    needles = derive_needles(["pass"])

    assert b"pass" in needles
    assert b"70617373" in needles  # hex is 8 long
    assert b"cGFzcw" not in needles
    assert all(len(needle) >= 8 for needle in needles if needle != b"pass")


@pytest.mark.parametrize("value", ["", "  \n ", "abc", "\n"])
def test_a_value_too_short_to_tell_from_text_has_no_needle(value: str) -> None:
    assert derive_needles([value]) == []


def test_needles_come_longest_first_and_once() -> None:
    needles = derive_needles(["first-secret-value", "first-secret-value", "first-secret"])

    assert [len(n) for n in needles] == sorted(map(len, needles), reverse=True)
    assert len(set(needles)) == len(needles)


def test_a_long_key_does_not_grow_into_megabytes_of_needles() -> None:
    assert sum(map(len, derive_needles(["k" * 3000]))) < 200_000
