"""How long a connection may take to say what it wants."""

import asyncio
from collections import Counter
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10
"""From the connection, or a request's first byte, to the end of its headers."""

BODY_SECONDS = 60
"""From there to the end of its body, which has 1 MiB at most."""

HEAD_BYTES = 64 * 1024
SILENT_PER_ADDRESS = 256
"""Connections of one address that have not sent a whole head yet."""


class PatientHttp(HttpToolsProtocol):
    """The server's protocol, which by itself would wait for ever for the rest of a request."""

    _silent: ClassVar[Counter[str]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = self._in_body = False
        self._has_spoken = False
        self._address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._silent[self._address] += 1
        self._wait(HEAD_SECONDS)
        if self._silent[self._address] > SILENT_PER_ADDRESS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._speaks()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_body = self._in_body
        super().data_received(data)
        if self._in_head and not was_in_body:  # the very first piece counts too
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        if self._timer is None:  # a first request's time runs from the connection on
            self._wait(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        self._speaks()
        self._stop_waiting()
        if self.parser is not None and not self.parser.should_upgrade():
            self._wait(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._stop_waiting()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        self.transport.abort()

    def _speaks(self) -> None:
        if self._has_spoken:
            return
        self._has_spoken = True
        self._silent[self._address] -= 1
        if self._silent[self._address] <= 0:
            del self._silent[self._address]
