"""The streaming redactor, against one that buffers everything."""

import base64
import itertools
import urllib.parse

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.needles import derive_all
from openviber_daemon.redaction.stream import MASK, Redactor, redact
from tests.support.naive_redactor import mask

SECRETS = [
    "hunter2-hunter2",  # repeats itself
    "hunter2-hunter3",  # shares a prefix
    "hunter",  # is a prefix
    "ter2-hunt",  # overlaps
    "aaaa",
    "aaaaab",
    "ünï-cödé-välue",
    "line one of a key\nsecond line of it\nand the third",
]


def reference(data: bytes, needles: list[bytes], broken: list[bytes] | None = None) -> bytes:
    return mask(data, needles, broken or [])


def stream(chunks: list[bytes], needles: NeedleSet) -> bytes:
    redactor = Redactor(needles)
    return b"".join([*map(redactor.feed, chunks), redactor.finish()])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def forms_of(secret: str) -> list[bytes]:
    raw = secret.encode()
    return [
        raw,
        raw.replace(b"\n", b"\r\n"),
        base64.b64encode(raw),
        base64.b64encode(b"x" + raw + b"yz"),
        base64.urlsafe_b64encode(b"xy" + raw),
        base64.encodebytes(b"some longer text before it, as in a header" + raw),
        urllib.parse.quote(secret, safe="").encode(),
        raw.hex().encode(),
    ]


FOUND = derive_all(SECRETS)
EXACT, BROKEN = sorted(FOUND.exact), sorted(FOUND.broken)
ALL = NeedleSet(EXACT, BROKEN)
NOISE = [
    b"\x1b[31m",
    b"\x1b[0m",
    b"\x1b]0;a title\x07",
    b"\x1b]8;;http://x\x1b\\",
    b"\x1b(B",
    b"\x1b7",
]


def bold(form: bytes) -> bytes:
    return b"".join(letter + b"\b" + letter for letter in map(str.encode, form.decode()))


def underlined(form: bytes) -> bytes:
    return b"".join(b"_\b" + letter for letter in map(str.encode, form.decode()))


@st.composite
def disturbed(draw: st.DrawFn) -> bytes:
    """Draw a form of a secret as it may be printed: whole, torn, coloured, overstruck, wrapped."""
    form = draw(st.sampled_from(FORMS))
    match draw(st.integers(0, 5)):
        case 0:
            return form[: draw(st.integers(1, len(form)))]
        case 1:
            return draw(st.sampled_from([bold, underlined]))(form)
        case 2 | 3:
            extra = draw(st.sampled_from([*NOISE, b"\r\n  ", b"\n\t", b"_\b", b"\n"]))
            places = draw(st.lists(st.integers(0, len(form)), max_size=4))
            return extra.join(cut(form, places))
        case 4:
            width = draw(st.integers(8, 40))
            end = draw(st.sampled_from([b"\n", b"\r\n", b"\r\n    "]))
            return end.join(form[n : n + width] for n in range(0, len(form), width))
        case _:
            return form


FORMS = [form for secret in SECRETS for form in forms_of(secret)]
crumbs = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b"a", b"hunter2-", b"\r\n", b"\n", b"aaa", b"_", b"\b", b"2\b", b"\x1b", b"\x1b[3", *NOISE]
    ),
)
texts = st.lists(st.one_of(disturbed(), crumbs), max_size=8).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(texts, st.lists(st.integers(0, 5000), max_size=12))
@example(b"hunter2-hunter2", [3])
@example(b"aaaaaaab", [1, 2, 3, 4, 5, 6, 7])
@example(b"hunter2-hunt" + b"er", [12])
@example(b"hunter_\b2-hunter2", [7])
@example(b"_\bhunter2-hunter2\b2\b2", [1, 2, 17, 18, 19, 20])
@example(b"hun\x1b[3" + b"1mter2-hunter2", [4, 5, 6, 7])
def test_any_split_gives_what_buffering_everything_gives(text: bytes, places: list[int]) -> None:
    assert stream(cut(text, places), ALL) == reference(text, EXACT, BROKEN)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.text("ab", min_size=4, max_size=7).map(str.encode), min_size=1, max_size=6),
    st.text("ab", max_size=40).map(str.encode),
    st.lists(st.integers(0, 100), max_size=20),
)
def test_needles_that_overlap_in_every_way_give_the_same_for_any_split(
    needles: list[bytes], text: bytes, places: list[int]
) -> None:
    assert stream(cut(text, places), NeedleSet(needles)) == reference(text, needles)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("ab", min_size=4, max_size=7).map(str.encode), min_size=1, max_size=4),
    st.text("abc", max_size=30).map(str.encode),
)
def test_no_more_is_held_back_than_may_become_a_needle(needles: list[bytes], text: bytes) -> None:
    redactor = Redactor(NeedleSet(needles))

    given_out = b"".join(redactor.feed(bytes([byte])) for byte in text)
    held = redactor.finish()

    assert given_out + held == reference(text, needles)
    longest = max(map(len, needles))
    assert len(held) < max(longest, len(MASK) * 2)
    if not any(text.endswith(n[:k]) for n in needles for k in range(1, len(n))):
        assert held == b""


def test_a_secret_split_across_two_chunks_is_masked() -> None:
    redactor = Redactor(NeedleSet.of_secrets(["hunter2-secret"]))

    assert redactor.feed(b"token hunter2") == b"token "
    assert redactor.feed(b"-secret done") == b"[REDACTED] done"
    assert redactor.finish() == b""
    assert redactor.count == 1


def test_a_beginning_that_comes_to_nothing_is_given_out_unchanged() -> None:
    redactor = Redactor(NeedleSet.of_secrets(["hunter2-secret"]))

    assert redactor.feed(b"hunter2-") == b""
    assert redactor.feed(b"other") == b"hunter2-other"
    assert redactor.count == 0


def test_a_complete_needle_at_the_end_is_not_held_back() -> None:
    redactor = Redactor(NeedleSet([b"secret-one"]))

    assert redactor.feed(b"a secret-one") == b"a [REDACTED]"


def test_a_needle_that_could_grow_waits_for_the_longer_one() -> None:
    needles = NeedleSet([b"pass", b"password"])

    assert stream([b"pass", b"word"], needles) == MASK
    assert stream([b"pass", b"wo"], needles) == MASK + b"wo"


def test_without_secrets_the_chunk_itself_is_given_back() -> None:
    chunk = b"x" * 1000

    assert Redactor(NeedleSet([])).feed(chunk) is chunk


def test_bytes_that_are_not_text_pass_as_they_are() -> None:
    data = bytes(range(256)) * 10

    assert stream([data[:700], data[700:]], ALL) == data


def test_a_needle_of_one_megabyte_works() -> None:
    secret = "k" * 1_000_000
    text = b"<" + secret.encode() + b">"

    assert stream(cut(text, [65536, 500_000]), NeedleSet([secret.encode()])) == b"<[REDACTED]>"


def test_needles_too_short_to_mean_anything_are_refused() -> None:
    with pytest.raises(ValueError, match="innocent"):
        NeedleSet([b"abc"])


def test_a_set_of_needles_does_not_show_them() -> None:
    assert "hunter2" not in repr(NeedleSet.of_secrets(["hunter2-secret"]))


def test_a_megabyte_that_almost_matches_everywhere_passes() -> None:
    """Would take minutes, and meet the test's time limit, if each possible start were compared."""
    needles = NeedleSet([b"a" * 4000 + b"b"])

    assert stream([b"a" * 65536] * 16, needles) == b"a" * (65536 * 16)


def test_a_secret_that_becomes_known_is_masked_from_what_is_held_back_on() -> None:
    redactor = Redactor(NeedleSet.of_secrets(["shared-first"]))

    assert redactor.feed(b"shared-second shared-") == b"shared-second "
    redactor.use(NeedleSet.of_secrets(["shared-first", "shared-second"]))

    assert redactor.feed(b"second shared-second;") == b"[REDACTED] [REDACTED];"


def test_a_last_letter_struck_again_after_its_secret_was_masked_is_masked_too() -> None:
    redactor = Redactor(NeedleSet.of_secrets(["hunter2-secret"]))

    assert redactor.feed(b"hunter2-secret") == MASK
    assert redactor.feed(b"\b") == b""
    assert redactor.feed(b"t.") == b"."
    assert redactor.count == 1


def test_a_line_is_not_held_back_for_what_may_come_after_it() -> None:
    redactor = Redactor(ALL)

    assert redactor.feed(b"all done here.\n") == b"all done here.\n"


def test_a_complete_text_is_masked_at_once() -> None:
    assert redact(ALL, b"hunter2-hunter2") == MASK
    assert redact(NeedleSet([]), b"hunter2-hunter2") == b"hunter2-hunter2"
