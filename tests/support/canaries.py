"""Secrets of several shapes, a script that prints them in many forms, and what to search for."""

import base64
import json
import shlex
import urllib.parse

CANARIES = {
    "PLAIN": "canary-plain-8f3KqZ71",
    "SPACED": "canary b/+ 'quoted' \"twice\" $HOME 4Xw",
    "LINES": "canary-line-one-Tq81\ncanary-line-two-Vw92\r\ncanary-line-three-Zk03",
    "UNICODE": "canäry-ünïcode-5Yt≠77",
    "JSONISH": '{"key": "canary-json-Pp41"}',
}
DERIVED = "\n".join(
    f'echo "{key}=${key}"; printf %s "${key}" | base64 -w0; echo; printf %s "${key}" | base64;'
    f' printf "%q\\n" "${key}"; printf %s "${key}" | fold -w 5 | tr -d "\\n"; echo;'
    f' python3 -c \'import json,os,urllib.parse as u;v=os.environ["{key}"];'
    f"print(json.dumps(v));print(u.quote(v));print(u.quote_plus(v));print(v.encode().hex());"
    f"print(v.replace(chr(10),chr(10)+chr(32)*4))'"
    for key in CANARIES
)


def forms(value: str) -> set[bytes]:
    """Return a value in every form that it might be left in."""
    text = value.encode()
    lines = [line.strip().encode() for line in value.splitlines() if len(line.strip()) > 12]
    return {
        text,
        *lines,
        base64.b64encode(text).rstrip(b"="),
        json.dumps(value)[1:-1].encode(),
        json.dumps(value, ensure_ascii=False)[1:-1].encode(),
        urllib.parse.quote(value).encode(),
        urllib.parse.quote_plus(value).encode(),
        text.hex().encode(),
        shlex.quote(value).encode(),
    }


NEEDLES = sorted({form for value in CANARIES.values() for form in forms(value)})


def found_in(content: bytes) -> list[bytes]:
    return [needle for needle in NEEDLES if needle in content]
