"""The socket on which runners say that they have appended something."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

LONGEST_RING = 64
MOST_AT_ONCE = 256


@contextlib.contextmanager
def doorbell(path: Path, *, rung: Callable[[UUID], None]) -> Iterator[None]:
    """Call `rung` with an execution's id for every ring, for as long as the block lasts.

    A ring may be lost: whoever listens looks for itself from time to time.
    """
    loop = asyncio.get_running_loop()
    path.unlink(missing_ok=True)
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        bind(bell, path)
        loop.add_reader(bell, drain, bell, rung)
        try:
            yield
        finally:
            loop.remove_reader(bell)
            path.unlink(missing_ok=True)
    finally:
        bell.close()


def bind(bell: socket.socket, path: Path) -> None:
    """Bind to a path of any length: the kernel takes 107 bytes, a home may be deeper."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        bell.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
    path.chmod(0o600)


def drain(bell: socket.socket, rung: Callable[[UUID], None]) -> None:
    """Take what is waiting, tell each execution once."""
    waiting: set[bytes] = set()
    for _ in range(MOST_AT_ONCE):
        try:
            waiting.add(bell.recv(LONGEST_RING))
        except BlockingIOError:
            break
    for ring in waiting:
        with contextlib.suppress(ValueError):  # noise: only the node's own user can send any
            rung(UUID(ring.decode("ascii", "replace")))
