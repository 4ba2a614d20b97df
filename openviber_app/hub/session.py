"""One open connection: reads, stores, acks and sends until it ends."""

import asyncio
import logging
from collections.abc import Iterable
from typing import assert_never

from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.hub import endings
from openviber_app.hub.inbound import Storable
from openviber_app.hub.ingest import Ingest
from openviber_app.hub.ledger import Ledger
from openviber_app.hub.outbox import Outbox, RenewedError, RevokedError
from openviber_app.services import links
from openviber_app.services.runtime import Runtime
from openviber_protocol.closing import CloseReason, code_of
from openviber_protocol.codec import encode
from openviber_protocol.events import (
    Close,
    CommandReplied,
    HeartbeatReceived,
    HelloReceived,
    HubEvent,
    Refused,
    StoreLog,
    StoreRecord,
)
from openviber_protocol.hub_peer import HubPeer

LOG = logging.getLogger(__name__)

MISSED_HEARTBEATS = 3
CLOSE_SECONDS = 2.0
BROKEN = code_of(CloseReason.ABNORMAL)
HEARD_EVERY_SECONDS = 30.0
"""A heartbeat is written down at most this often: two thousand nodes send two hundred a second."""


class _EndedError(Exception):
    """Leaves the loops; why is in the session."""


async def read_message(socket: WebSocket) -> str | bytes:
    """Return the next message.

    Raises:
        WebSocketDisconnect: the other side is gone.
    """
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or BROKEN, message.get("reason"))
    text = message.get("text")
    return text if text is not None else message.get("bytes") or b""


async def flush(socket: WebSocket, peer: HubPeer) -> None:
    """Send what the peer has to say."""
    for frame in peer.take_outbox():
        await socket.send_text(encode(frame))


async def _other_side_answers(socket: WebSocket) -> None:
    """Wait until a socket that we closed is gone.

    A process that ends while unread data waits in a socket resets it, and the node would never
    read our close code. The server says "disconnect" twice: for our close, and for the real end.
    """
    left = 2
    while left:
        message = await socket._receive()  # noqa: SLF001 - the public one stops at the first
        left -= message["type"] == "websocket.disconnect"


class Session:
    """A node's link from its welcome to its end."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        socket: WebSocket,
        peer: HubPeer,
        ledger: Ledger,
        outbox: Outbox,
        heartbeat_seconds: float,
    ) -> None:
        self.gone = asyncio.Event()
        self.boot_id = peer.boot_id
        self.has_rival = False
        self._runtime = runtime
        self._socket = socket
        self._peer = peer
        self._ledger = ledger
        self._outbox = outbox
        self._silence = heartbeat_seconds * MISSED_HEARTBEATS
        self._verdict: Close | None = None
        self._left_with = BROKEN
        self._ended = asyncio.Event()
        self._to_send = asyncio.Event()
        self._last_heard = 0.0
        self._last_written = 0.0
        self.last_seen_at = runtime.clock.now()
        self.ingest = Ingest(
            runtime, peer=peer, ledger=ledger, flush=self._to_send.set, end=self.end
        )

    def end(self, reason: CloseReason, detail: str) -> None:
        """End the link soon, with this reason; the first reason counts."""
        if self._verdict is None:
            self._verdict = self._peer.refuse(reason, detail)
        self._ended.set()

    async def run(self) -> None:
        """Serve the link until either side ends it; whatever was received is stored first."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.ingest.run())
                try:
                    await self._talk()
                finally:
                    self.ingest.stop()
        finally:
            await self._close()

    async def release(self) -> None:
        """Say that the link is gone, to the board and to whoever waits for its place."""
        try:
            await links.disconnect(
                self._runtime,
                node_id=self._ledger.node_id,
                epoch=self._peer.epoch or 0,
                last_seen_at=self.last_seen_at,
                reason=(
                    endings.sent_away(self._verdict)
                    if self._verdict
                    else endings.left(self._left_with)
                ),
            )
        finally:
            self.gone.set()

    async def is_outlived(self) -> bool:
        """Whether another daemon took this place while this one was alive: it answers our close.

        A machine that lost its power leaves a link behind on which nothing answers.
        """
        if not self.has_rival or self._verdict is None:
            return False
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await _other_side_answers(self._socket)
        except (TimeoutError, RuntimeError):
            return False
        return True

    async def _talk(self) -> None:
        self._last_heard = asyncio.get_running_loop().time()
        self._to_send.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                for loop in (self._read, self._send, self._deliver, self._watch, self._wait):
                    tasks.create_task(loop())
        except* _EndedError:
            pass
        except* WebSocketDisconnect:
            pass

    async def _close(self) -> None:
        verdict = self._verdict
        if verdict is None:
            return  # the other side left
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(verdict.code, verdict.text)
                if verdict.reason is CloseReason.RESTART:
                    await _other_side_answers(self._socket)
        except (TimeoutError, RuntimeError, WebSocketDisconnect, OSError):
            return  # it was gone already, or takes nothing any more

    # ------------------------------------------------------------------ loops

    async def _read(self) -> None:
        while True:
            try:
                message = await read_message(self._socket)
            except WebSocketDisconnect as gone:
                self._left_with = gone.code
                raise _EndedError from gone
            self._last_heard = asyncio.get_running_loop().time()
            self._take(self._peer.receive_text(message))
            self._to_send.set()
            await self.ingest.has_room()

    def _take(self, events: Iterable[HubEvent]) -> None:
        storable: list[Storable] = []
        for event in events:
            match event:
                case StoreRecord() | StoreLog() | CommandReplied():
                    storable.append(event)
                case HeartbeatReceived():
                    storable += self._heard(event)
                case Refused():
                    LOG.warning(
                        "node %s did not understand %s: %s",
                        self._ledger.node_id,
                        event.payload.type_name,
                        event.payload.message,
                    )
                case Close():
                    self._verdict = self._verdict or event
                    self._ended.set()
                case HelloReceived():
                    return  # the peer lets a second one through in no state
                case _:
                    assert_never(event)
        if storable:
            self.ingest.offer(storable)

    def _heard(self, event: HeartbeatReceived) -> list[Storable]:
        self.last_seen_at = self._runtime.clock.now()
        if self._last_heard - self._last_written < HEARD_EVERY_SECONDS:
            return []
        self._last_written = self._last_heard
        return [event]

    async def _send(self) -> None:
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            await flush(self._socket, self._peer)

    async def _deliver(self) -> None:
        """Take commands to the node as they are committed; also learns here that it was removed."""
        with self._runtime.bus.listening(f"outbox:{self._ledger.node_id}") as listener:
            while True:
                listener.take()
                try:
                    frames = await self._outbox.take()
                except RevokedError as error:
                    self.end(CloseReason.REVOKED, str(error))
                    return
                except RenewedError as error:
                    # an old key of the node opens nothing any more, whoever holds it
                    reason = CloseReason.AUTH if error.is_node else CloseReason.RESTART
                    self.end(reason, str(error))
                    return
                for frame in frames:
                    if self._peer.is_open:
                        self._peer.send_command(frame)
                self._to_send.set()
                await listener.wake.wait()

    async def _watch(self) -> None:
        """End a link on which nothing is heard any more: the other side may be gone unnoticed."""
        loop = asyncio.get_running_loop()
        while True:
            left = self._last_heard + self._silence - loop.time()
            if left <= 0:
                self.end(CloseReason.GOING_AWAY, f"nothing was heard for {self._silence:.0f} s")
                return
            await asyncio.sleep(left)

    async def _wait(self) -> None:
        await self._ended.wait()
        raise _EndedError
