"""The byte strings that give a secret away: its value in every form in which tools print it.

A *needle* is one such string. The value itself counts from 4 bytes on; a derived form (base64, an
escape, one line of many) from 8 on, because shorter ones hit innocent text. Forms whose bytes have
something *between* them (colour codes, overstrikes) are not needles: they belong to the stream.
"""

import base64
import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus

SHORTEST_LITERAL = 4
SHORTEST_DERIVED = 8
WRAP_WIDTHS = (64, 76)  # PEM, and `base64` of coreutils or MIME
WRAP_ANYWHERE_UP_TO = 256
"""A longer secret, wrapped, is looked for only where it starts its first line: a line starting at
each possible column would make one key of 3 KB into half a megabyte of needles."""

# The characters of an aligned group that carry bits of the byte before the secret, by alignment.
_FOREIGN_CHARACTERS = (0, 2, 3)


def derive_needles(values: Iterable[str]) -> list[bytes]:
    """List the needles of all `values`, longest first, each once."""
    needles: set[bytes] = set()
    for value in values:
        if len(_encode(value.strip())) < SHORTEST_LITERAL:
            continue  # the board refuses such a value when it is saved
        needles.update(form for form in _literal_forms(value) if len(form) >= SHORTEST_LITERAL)
        needles.update(form for form in _derived_forms(value) if len(form) >= SHORTEST_DERIVED)
    return sorted(needles, key=lambda needle: (-len(needle), needle))


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
        for escaped in _escaped_forms(text):
            yield _encode(escaped)
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        for line in lines:
            if len(_encode(line)) >= SHORTEST_DERIVED:
                yield _encode(line)
                yield from map(_encode, _escaped_forms(line))


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
    for width in WRAP_WIDTHS:
        for whole in (base64.b64encode(raw), base64.b64encode(raw + b"\n")):
            yield from _wrapped(whole, width=width, column=0)
        for alignment in range(3):
            core = _base64_core(raw, alignment, base64.b64encode)
            first = _FOREIGN_CHARACTERS[alignment]
            last = width if len(raw) <= WRAP_ANYWHERE_UP_TO else 1
            for column in range(first, max(last, first + 1), 4):
                yield from _wrapped(core, width=width, column=column)


def _base64_core(raw: bytes, alignment: int, alphabet: Callable[[bytes], bytes]) -> bytes:
    """Give the characters that depend on `raw` alone, `alignment` bytes into a group of three."""
    encoded = alphabet(b"\0" * alignment + raw)
    complete = (alignment + len(raw)) * 8 // 6
    return encoded[_FOREIGN_CHARACTERS[alignment] : complete]


def _wrapped(encoded: bytes, *, width: int, column: int) -> Iterator[bytes]:
    """Break `encoded`, which starts at `column` of a line, as a tool would; nothing if it fits."""
    head = width - column
    if len(encoded) <= head:
        return
    rows = [encoded[:head]]
    rows += [encoded[start : start + width] for start in range(head, len(encoded), width)]
    yield b"\n".join(rows)
    yield b"\r\n".join(rows)


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
