"""Sets of secrets of any size and shape, and what they find."""

import base64
import random
import string

import pytest

from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.stream import redact

KEY = (
    "-----BEGIN KEY-----\n" + "\n".join(f"{n:02d}abcdefghijklmnopq" for n in range(6)) + "\nAg==\n"
)


def shown(printed: bytes, *secrets: str) -> bytes:
    return redact(NeedleSet.of_secrets(secrets), printed)


@pytest.mark.parametrize(
    ("secrets", "printed", "left"),
    [
        (["first-part", "part-second"], b"<first-part-second>", b"<[REDACTED]>"),  # overlapping
        (["outer-inner-outer", "inner"], b"<outer-inner-outer>", b"<[REDACTED]>"),  # nested
        (
            ["token-one", "token-two"],
            b"token-one token-two token-",
            b"[REDACTED] [REDACTED] token-",
        ),
        (["abcabc"], b"<abcabcabcabcab>", b"<[REDACTED]ab>"),  # repeats itself
        (["aaaa"], b"aaaaaaaaab", b"[REDACTED]b"),
        (["one-secret"], b"one-secretone-secret", b"[REDACTED][REDACTED]"),
    ],
)
def test_secrets_that_share_bytes_are_masked_whole(
    secrets: list[str], printed: bytes, left: bytes
) -> None:
    assert shown(printed, *secrets) == left


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n    ", b"\r\n\t", b"  \n "])
def test_a_key_is_masked_whole_however_its_lines_end_and_are_indented(end: bytes) -> None:
    printed = b"key: |\n    " + KEY.strip().encode().replace(b"\n", end) + b"\nnext: 1\n"

    assert shown(printed, KEY.strip()) == b"key: |\n    [REDACTED]\nnext: 1\n"


@pytest.mark.parametrize("width", [8, 20, 57, 60, 64, 70, 72, 76, 80])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\n   "])
def test_base64_is_masked_at_any_width(width: int, end: bytes) -> None:
    secret = "correct-horse-battery-staple-and-a-rather-long-tail-9"
    for before in range(30):
        encoded = base64.b64encode(b"p" * before + secret.encode() + b"something after it")
        wrapped = end.join(encoded[n : n + width] for n in range(0, len(encoded), width))
        first, last = (before * 8 + 5) // 6, (before + len(secret)) * 8 // 6
        left = shown(wrapped, secret).translate(None, b" \r\n")

        assert not [n for n in range(first, last - 8) if encoded[n : n + 8] in left], before


@pytest.mark.parametrize(
    "printed",
    [
        b"hun\x1b[31mter2-sec\x1b[0mret",
        b"".join(b"%c\b%c" % (c, c) for c in b"hunter2-secret"),
        b"".join(b"_\b%c" % c for c in b"hunter2-secret"),
        b"\x1b]0;hunter2-secret\x07",
        b"hun\x1b]8;;https://x\x1b\\ter2-secret",
    ],
)
def test_nothing_of_a_secret_is_left_between_codes_and_overstrikes(printed: bytes) -> None:
    left = shown(b"<" + printed + b">", "hunter2-secret")

    assert b"[REDACTED]" in left
    assert not [c for c in ("hun", "ter", "ecr", "n\bn", "_\bn") if c.encode() in left]


@pytest.mark.parametrize(
    "innocent", [b"hunter2 secret", b"hunter\n2", b"hunte2-secret", b"cGFz\ncw=="]
)
def test_what_only_resembles_a_secret_stays(innocent: bytes) -> None:
    assert shown(innocent, "hunter2-secret", "pass") == innocent


def test_five_thousand_secrets_are_masked_in_their_plain_forms() -> None:
    dice = random.Random(3)
    letters = string.ascii_letters + string.digits
    secrets = ["".join(dice.choices(letters, k=30)) for _ in range(5000)]
    known = NeedleSet.of_secrets(secrets)
    printed = b"\n".join(base64.b64encode(s.encode()) + b" " + s.encode() for s in secrets)

    assert redact(known, printed).count(b"[REDACTED]") == 2 * len(secrets)


@pytest.mark.parametrize("letters", [string.printable, "k", "ab"])
def test_a_secret_of_one_megabyte_is_masked_in_its_plain_forms(letters: str) -> None:
    secret = "x" + "".join(random.Random(4).choices(letters, k=1_000_000)) + "x"
    known = NeedleSet.of_secrets([secret])
    raw = secret.encode()

    assert redact(known, b"<" + raw + b">") == b"<[REDACTED]>"
    left = redact(known, b"<" + base64.b64encode(raw) + b">")
    assert left.startswith(b"<[REDACTED]")
    assert len(left) < 20


def test_secrets_are_added_to_what_is_known() -> None:
    both = NeedleSet.of_secrets(["first-secret"]).with_secrets(["second-secret"])

    assert redact(both, b"first-secret second-secret") == b"[REDACTED] [REDACTED]"
