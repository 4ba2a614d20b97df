"""A pipe between a node and its board that notes when the board's acks pass, and its goodbye."""

import contextlib
import re
import socket
import threading
import time
from types import TracebackType
from typing import Self

ACK = re.compile(rb'"stream":"(log/[0-9a-f-]{36})","next":(\d+)')
CLOSE = re.compile(rb"\x88[\x02-\x7d](..)[^\x88]*\Z", re.DOTALL)
"""The frame that ends a WebSocket: its length, and the code that its payload begins with."""

BLOCK = 1 << 18
LONGEST_ACK = 256
"""A close frame is shorter: 127 bytes."""


class Tap:
    """Copies bytes both ways. The frames of a server are not masked, so its acks can be read.

    What a chunk needs from the node to here is part of the figure twice less than in a network of
    two hops: the copy delays the way there, and the ack is noted before the copy of the way back.
    """

    def __init__(self, board_port: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.board_port = board_port
        self.acks: list[tuple[bytes, int, float]] = []
        """Stream, position and time (monotonic) of every ack of a log."""
        self.ends: list[tuple[int, float]] = []
        """Code and time (monotonic) of every end that the board made of a socket."""
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                node, _ = self._listener.accept()
                board = socket.create_connection(("127.0.0.1", self.board_port))
            except OSError:
                return  # closed
            self._open += [node, board]
            for end in (node, board):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._copy, args=(node, board, None), daemon=True).start()
            threading.Thread(target=self._copy, args=(board, node, b""), daemon=True).start()

    def _copy(self, source: socket.socket, target: socket.socket, rest: bytes | None) -> None:
        """Pass bytes on; with a `rest`, look for acks in them, also for one that comes in two."""
        with contextlib.suppress(OSError):
            while block := source.recv(BLOCK):
                now = time.monotonic()
                target.sendall(block)
                if rest is not None:
                    rest = self._note(rest + block, now)
        if rest is not None:
            said = CLOSE.search(rest)
            self.ends.append((int.from_bytes(said[1]) if said else 0, time.monotonic()))
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _note(self, text: bytes, now: float) -> bytes:
        used = 0
        for found in ACK.finditer(text):
            if found.end() == len(text):  # the number may go on in the next block
                break
            self.acks.append((found[1], int(found[2]), now))
            used = found.end()
        return text[used:][-LONGEST_ACK:]
