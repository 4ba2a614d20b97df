"""The forms in which a self-test prints made-up secrets, and whether any of them got through."""

import base64
import html
import json
import os
import re
import secrets
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from openviber_daemon.redaction.stream import MASK
from openviber_daemon.redaction.views import see

VALUE, KEY = "SELF_TEST_VALUE", "SELF_TEST_KEY"
HEADING = re.compile(rb"^== (.+)\n", re.MULTILINE)
FRAGMENT = 8
"""So many bytes of a form in a row, and it got through."""

Form = tuple[str, Sequence[bytes]]
"""A name, and the pieces in which it is written."""


def make_canaries() -> dict[str, str]:
    """Make up a secret of one line and one of many, by the variable that holds it."""
    lines = [base64.b64encode(secrets.token_bytes(30)).decode() for _ in range(4)]
    key = "\n".join(("-----BEGIN SELF TEST-----", *lines, "-----END SELF TEST-----"))
    return {VALUE: f"ov-{secrets.token_urlsafe(24)}\"<&>'/+ $é", KEY: key}


def list_forms(canaries: Mapping[str, str]) -> list[Form]:
    """List every form of the canaries."""
    return [*_forms_of_value(canaries[VALUE]), *_forms_of_key(canaries[KEY])]


def _forms_of_value(value: str) -> Iterator[Form]:
    raw = value.encode()
    yield "as it is", [raw]
    yield "in two writes", [raw[:10], raw[10:]]
    yield "byte by byte", [raw[n : n + 1] for n in range(len(raw))]
    yield "twice in a row", [raw + raw]
    yield "JSON", [json.dumps(value).encode()]
    yield "JSON with its own letters", [json.dumps(value, ensure_ascii=False).encode()]
    yield "URL", [quote(value, safe="").encode()]
    yield "HTML", [html.escape(value).encode()]
    yield "shell", [shlex.quote(value).encode()]
    yield "Python", [repr(value).encode()]
    yield "Python bytes", [repr(raw).encode()]
    yield "hex", [raw.hex().encode()]
    yield "hex in capitals", [raw.hex().upper().encode()]
    yield "UTF-16", [value.encode("utf-16-le")]
    for before in range(3):
        text = b"=" * before + raw + b"!"
        yield f"base64, {before} bytes in", [base64.b64encode(text)]
        yield f"base64 for URLs, {before} bytes in", [base64.urlsafe_b64encode(text)]
    for width in (20, 64, 76):
        encoded = base64.b64encode(raw)
        rows = [encoded[n : n + width] for n in range(0, len(encoded), width)]
        yield f"base64 in lines of {width}", [b"\n".join(rows)]
        yield f"base64 in lines of {width}, CRLF", [b"\r\n".join(rows)]
    yield "colours between its letters", [raw[:5], b"\x1b[31m", raw[5:9], b"\x1b[0m", raw[9:]]
    yield "a colour in two writes", [raw[:8] + b"\x1b[3", b"1m" + raw[8:]]
    yield "a link between its letters", [raw[:8], b"\x1b]8;;https://x\x1b\\", raw[8:]]
    yield "a terminal's title", [b"\x1b]0;" + raw + b"\x07"]
    yield "bold by overstriking", ["".join(f"{c}\b{c}" for c in value).encode()]
    yield "underlined by overstriking", ["".join(f"_\b{c}" for c in value).encode()]


def _forms_of_key(key: str) -> Iterator[Form]:
    raw = key.encode()
    yield "many lines", [raw]
    yield "many lines in two writes", [raw[:40], raw[40:]]
    yield "many lines, CRLF", [raw.replace(b"\n", b"\r\n")]
    yield "many lines, indented", [b"    " + raw.replace(b"\n", b"\n    ")]
    yield "many lines, indented, CRLF", [b"\t" + raw.replace(b"\n", b"\r\n\t")]
    yield "one line of many", [raw.splitlines()[2]]
    yield "many lines in JSON", [json.dumps(key).encode()]
    yield "many lines in base64", [base64.encodebytes(raw)]
    yield "many lines in hex", [raw.hex().encode()]


def find_missed(forms: Sequence[Form], log: bytes) -> list[str]:
    """List the forms of which something is left in a log, or that are not in it at all."""
    parts = HEADING.split(log)
    printed = dict(zip(parts[1::2], parts[2::2], strict=True))
    return [
        name
        for name, pieces in forms
        if (section := printed.get(name.encode())) is None
        or MASK not in section
        or is_left(b"".join(pieces), section)
    ]


def is_left(form: bytes, text: bytes) -> bool:
    """Say whether a part of `form` is still to be read in `text`."""
    shown = b" ".join(_readings(text))
    return any(
        wanted[n : n + FRAGMENT] in shown
        for wanted in _readings(form)
        for n in range(len(wanted) - FRAGMENT + 1)
    )


def _readings(text: bytes) -> tuple[bytes, bytes]:
    """Give a text without its blanks, as the bytes are and as a terminal shows them."""
    return b"".join(text.split()), b"".join(see(text, is_complete=True).view.text.split())


def main() -> None:
    """Print every form of the canaries in the environment, each under its name."""
    variables = os.environ  # noqa: TID251 - a script's own variables, not the daemon's
    for name, pieces in list_forms({name: variables[name] for name in (VALUE, KEY)}):
        os.write(sys.stdout.fileno(), f"\n== {name}\n".encode())
        for piece in pieces:
            os.write(sys.stdout.fileno(), piece)
    os.write(sys.stdout.fileno(), b"\n")


if __name__ == "__main__":
    main()
