"""The board's own program, with somebody inside who tells what Reflex's states hold.

`python -m tests.support.watched_board SOCKET serve`: the rest of the arguments are the board's.
Whoever connects to SOCKET gets every state of the process as Reflex's state manager would store it,
and as Python writes its variables down.
"""

import gc
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from reflex.state import BaseState

from openviber_app import cli

MARK = b"state: "


def every_state() -> list[BaseState]:
    """Return the states of all tabs, and any that nobody remembers but the process's memory."""
    return [one for one in gc.get_objects() if isinstance(one, BaseState)]


def parts_of(state: BaseState) -> Iterator[bytes]:
    """Yield a state's name, what a store would be given of it, and its variables as text."""
    yield MARK + state.get_full_name().encode()
    yield state._serialize()
    yield repr(vars(state)).encode()
    yield repr({name: getattr(state, name) for name in state.vars}).encode()


def tell(listener: socket.socket) -> None:
    """Answer for as long as the process lives."""
    while True:
        asker, _ = listener.accept()
        with asker:
            for state in every_state():
                asker.sendall(b"\n".join(parts_of(state)) + b"\n")


def ask(path: Path) -> bytes:
    """Return everything that a watched board's states hold now."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(30)
        line.connect(str(path))
        parts: list[bytes] = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


if __name__ == "__main__":
    place = socket.socket(socket.AF_UNIX)
    place.bind(sys.argv[1])
    place.listen()
    threading.Thread(target=tell, args=(place,), daemon=True).start()
    sys.exit(cli.main(sys.argv[2:]))
