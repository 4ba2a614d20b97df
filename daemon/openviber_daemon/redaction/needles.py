"""The byte strings that give a secret away: its value in every form in which tools print it.

A *needle* is one such string. The value itself counts from 4 bytes on; a derived form (base64, an
escape, one line of many) from 8 on, because shorter ones hit innocent text. *Broken* texts are
needles also where line ends go through them: base64 of any width, a key that was indented anew.
"""

import base64
import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from openviber_daemon.redaction.views import join_lines

SHORTEST_LITERAL = 4
SHORTEST_DERIVED = 8
SHORTEST_BROKEN = 16
WRAP_ANYWHERE_UP_TO = 1024
"""A longer secret, wrapped, is looked for only where 8 characters of it end its first line."""

LARGE_BYTES = 16 * 1024
MANY_VALUES = 500
"""A larger value, or each of more values, has the plain forms only: compiling stays cheap."""

MANY_LINES = 2000

# The characters of an aligned group that carry bits of the byte before the secret, by alignment.
_FOREIGN_CHARACTERS = (0, 2, 3)


@dataclass(frozen=True)
class Needles:
    """All needles of some secrets."""

    exact: frozenset[bytes]
    broken: frozenset[bytes]


def derive_all(values: Iterable[str]) -> Needles:
    """Derive the needles of all `values`."""
    kept = {value for value in values if len(_encode(value.strip())) >= SHORTEST_LITERAL}
    exact: set[bytes] = set()
    broken: set[bytes] = set()
    for value in kept:  # shorter ones are refused by the board when they are saved
        is_plain = len(kept) > MANY_VALUES or len(value) > LARGE_BYTES
        derived = _plain_forms(value) if is_plain else _derived_forms(value)
        exact.update(form for form in _literal_forms(value) if len(form) >= SHORTEST_LITERAL)
        exact.update(form for form in derived if len(form) >= SHORTEST_DERIVED)
        if not is_plain:
            broken.update(text for text in _broken_texts(value) if len(text) >= SHORTEST_BROKEN)
    return Needles(frozenset(exact), frozenset(broken))


def derive_needles(values: Iterable[str]) -> list[bytes]:
    """List the exact needles of all `values`, longest first, each once."""
    return sorted(derive_all(values).exact, key=lambda needle: (-len(needle), needle))


def _literal_forms(value: str) -> Iterator[bytes]:
    for text in {value, value.strip()}:
        yield _encode(text)
        if "\n" in text:
            unix = text.replace("\r\n", "\n")
            yield _encode(unix)
            yield _encode(unix.replace("\n", "\r\n"))  # what a terminal makes of it


def _derived_forms(value: str) -> Iterator[bytes]:
    for text in {value, value.strip()}:
        raw = _encode(text)
        yield from _base64_forms(raw)
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for order in ("utf-16-le", "utf-16-be"):
            yield text.encode(order, "surrogatepass")
        for escaped in _escaped_forms(text):
            yield _encode(escaped)
    for line in _lines(value):
        yield _encode(line)
        yield from map(_encode, _escaped_forms(line))


def _plain_forms(value: str) -> Iterator[bytes]:
    """Derive what costs little and is met most: base64 in one line, URLs, JSON, lines."""
    text = value.strip()
    raw = _encode(text)
    for alignment in range(3):
        yield _base64_core(raw, alignment, base64.b64encode)
        yield _base64_core(raw, alignment, base64.urlsafe_b64encode)
    yield raw.hex().encode()
    yield quote(raw, safe="").encode()
    yield json.dumps(text)[1:-1].encode()
    yield from map(_encode, _lines(value)[:MANY_LINES])


def _lines(value: str) -> list[str]:
    lines = [line.strip() for line in value.splitlines()]
    return [line for line in lines if len(_encode(line)) >= SHORTEST_DERIVED] if lines[1:] else []


def _broken_texts(value: str) -> Iterator[bytes]:
    """Derive what is one text to a reader, whatever line ends a tool puts into it."""
    raw = _encode(value.strip())
    if b"\n" in raw:
        yield join_lines(raw, 0).text
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        for alignment in range(3):
            core = _base64_core(raw, alignment, alphabet)
            # Up to 7 characters of it may end a line: too few to be told from innocent text.
            shifts = SHORTEST_DERIVED if len(raw) <= WRAP_ANYWHERE_UP_TO else 1
            for shift in range(shifts):
                yield core[shift:]
    yield raw.hex().encode()


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


# ---------------------------------------------------------------- base64


def _base64_forms(raw: bytes) -> Iterator[bytes]:
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        for whole in (alphabet(raw), alphabet(raw + b"\n")):  # `echo $SECRET | base64`
            yield whole
            yield whole.rstrip(b"=")
        for alignment in range(3):
            yield _base64_core(raw, alignment, alphabet)


def _base64_core(raw: bytes, alignment: int, alphabet: Callable[[bytes], bytes]) -> bytes:
    """Give the characters that depend on `raw` alone, `alignment` bytes into a group of three."""
    encoded = alphabet(b"\0" * alignment + raw)
    complete = (alignment + len(raw)) * 8 // 6
    return encoded[_FOREIGN_CHARACTERS[alignment] : complete]


# ---------------------------------------------------------------- escapes


def _escaped_forms(text: str) -> Iterator[str]:
    yield from _url_forms(text)
    yield from _json_forms(text)
    yield from _xml_forms(text)
    yield from _shell_forms(text)
    yield repr(text)[1:-1]
    yield repr(_encode(text))[2:-1]


def _url_forms(text: str) -> Iterator[str]:
    raw = _encode(text)
    plain = [
        quote(raw, safe=""),
        quote(raw, safe="/"),
        quote(raw, safe="!'()*"),  # encodeURIComponent
        quote(raw, safe=";,/?:@&=+$-_.!~*'()#"),  # encodeURI
        quote_plus(raw),
        quote_plus(raw, safe="*"),  # HTML forms
    ]
    for form in plain:
        yield form
        yield _lower_escapes(form)


def _lower_escapes(form: str) -> str:
    head, *escapes = form.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in escapes)])


def _json_forms(text: str) -> Iterator[str]:
    for ascii_only in (True, False):
        form = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield form
        yield form.replace("/", "\\/")  # PHP
        go = form
        for character in "<>&":
            go = go.replace(character, f"\\u{ord(character):04x}")
        yield go
        yield go.replace("'", "\\u0027")


def _xml_forms(text: str) -> Iterator[str]:
    # Not from xml.sax: it drags in urllib.request, a third of what a runner needs to start.
    form = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield form
    yield form.replace('"', "&quot;")
    for double, single in (("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&quot;", "&#x27;")):
        yield form.replace('"', double).replace("'", single)
    yield form.replace('"', "&#34;").replace("'", "&#39;")


def _shell_forms(text: str) -> Iterator[str]:
    yield shlex.quote(text).removeprefix("'").removesuffix("'")
    yield text.replace("'", "'\\''")  # bash, in `set -x`
    yield "".join(f"\\{c}" if c in '\\"$`' else c for c in text)  # inside double quotes
    yield "".join(c if c.isalnum() or c in "_-./:=@%+," else f"\\{c}" for c in text)  # printf %q
    yield "".join(_ANSI_C.get(c, c) for c in text)  # $'...'


_ANSI_C = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", "'": "\\'"}
