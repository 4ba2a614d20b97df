"""Bytes on a board's port: handshakes, frames and requests that no library would send."""

import base64
import os
import re
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

TEXT, CONTINUATION, CLOSE = 0x1, 0x0, 0x8


@contextmanager
def connection(url: str) -> Iterator[socket.socket]:
    """Hold a TCP connection to the board."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as made:
        yield made


def ask(url: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """Send one request as it is given, and return all that comes back."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    with connection(url) as line:
        line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return read_all(line)


def read_all(line: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts: list[bytes] = []
    try:
        while part := line.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def status_of(answer: bytes) -> int:
    """Return the status of an answer; 0 when there was none."""
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(found[1]) if found else 0


def header_of(answer: bytes, name: str) -> str | None:
    """Return a header of an answer."""
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    for line in head.split("\r\n")[1:]:
        key, _, value = line.partition(": ")
        if key.lower() == name.lower():
            return value
    return None


def shake_hands(line: socket.socket, url: str, path: str, headers: Mapping[str, str]) -> bytes:
    """Ask for a WebSocket; returns the head of the answer."""
    key = base64.b64encode(os.urandom(16)).decode()
    asked = [
        f"GET {path} HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    line.sendall("\r\n".join(asked).encode() + b"\r\n\r\n")
    head = b""
    while b"\r\n\r\n" not in head:
        part = line.recv(1)
        if not part:
            break
        head += part
    return head


def handshake(url: str, path: str, headers: Mapping[str, str]) -> int:
    """Return the status with which a WebSocket is answered."""
    with connection(url) as line:
        return status_of(shake_hands(line, url, path, headers))


def frame(payload: bytes, *, opcode: int = TEXT, is_last: bool = True, flags: int = 0) -> bytes:
    """Make a client's frame."""
    first = (0x80 if is_last else 0) | flags | opcode
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + b"\0\0\0\0" + payload  # a mask of zeros changes nothing


def _frames(line: socket.socket) -> Iterator[tuple[int, bytes]]:
    """Give the server's frames as they come, each with its opcode."""
    data = b""

    def more(size: int) -> bool:
        nonlocal data
        while len(data) < size:
            try:
                part = line.recv(65536)
            except ConnectionError:
                return False
            if not part:
                return False
            data += part
        return True

    while more(2):
        opcode, size, at = data[0] & 0x0F, data[1] & 0x7F, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            if not more(at):
                return
            size = int.from_bytes(data[2:at], "big")
        if not more(at + size):
            return
        yield opcode, data[at : at + size]
        data = data[at + size :]


def close_code(line: socket.socket) -> int:
    """Read frames until a close; return its code (1006 when the line just ends)."""
    for opcode, payload in _frames(line):
        if opcode == CLOSE:
            return struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
    return 1006
