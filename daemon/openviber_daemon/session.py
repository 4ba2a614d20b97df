"""One connection to the hub, from its challenge to its close."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol, assert_never
from uuid import UUID

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from openviber_daemon.clock import Clock
from openviber_daemon.daemon_log import LOG
from openviber_daemon.relay import Relay
from openviber_daemon.spool import Reply
from openviber_protocol.closing import CloseReason
from openviber_protocol.codec import encode
from openviber_protocol.events import (
    Acked,
    ChallengeReceived,
    Close,
    CommandReceived,
    DataGone,
    LinkDead,
    NodeEvent,
    Refused,
    Resending,
    Rewound,
    Welcomed,
)
from openviber_protocol.frame import HELLO_TIMEOUT_SECONDS
from openviber_protocol.frames import WelcomePayload
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.payloads import Capabilities, HubKeyLink, NodeLoad, RunningExecution

TICK_SECONDS = 0.5
BURST_FRAMES = 16
"""Frames sent before whatever arrived gets its turn."""


class Host(Protocol):
    """The node around a connection."""

    def pin(self, keys: Sequence[HubKeyLink]) -> str: ...
    def sign(self, message: bytes) -> bytes: ...
    def running(self) -> Sequence[RunningExecution]: ...
    def capabilities(self) -> Capabilities: ...
    def config_version(self) -> str: ...
    def load(self) -> NodeLoad: ...
    def welcomed(self, welcome: WelcomePayload) -> None: ...
    def command(self, command: CommandReceived, *, nonce: str) -> None: ...
    def settled(self, execution_id: UUID) -> None: ...


@dataclass(frozen=True)
class SessionEnd(Exception):  # noqa: N818 - the ordinary end of every session
    """Why a connection is over."""

    code: int | None
    text: str
    is_ours: bool = False


class Session:
    """Moves frames between a socket and the rules of the node's peer."""

    def __init__(
        self, *, socket: ClientConnection, peer: NodePeer, relay: Relay, host: Host, clock: Clock
    ) -> None:
        self._socket, self._peer, self._relay = socket, peer, relay
        self._host, self._clock = host, clock
        self._wake = asyncio.Event()
        self._heartbeat_seconds = 0.0
        self._next_heartbeat = 0.0

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def reply(self, reply: Reply, *, command_id: UUID, attempt: int) -> None:
        """Answer a command."""
        if self._peer.is_open:
            self._peer.reply(command_id, attempt, accepted=reply.accepted, message=reply.message)
            self._wake.set()

    async def run(self) -> SessionEnd:
        """Serve the connection until it ends."""
        self._relay.attach(self._peer)
        end = SessionEnd(None, "")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive())
                tasks.create_task(self._send())
                tasks.create_task(self._tick())
        except* ConnectionClosed as closed:
            end = end_of(closed)
        except* SessionEnd as ended:
            first = ended.exceptions[0]
            end = first if isinstance(first, SessionEnd) else end
        finally:
            self._relay.detach()
        return end

    async def _receive(self) -> None:
        while True:
            text = await self._socket.recv()
            for event in self._peer.receive_text(text):
                await self._take(event)
            self._wake.set()

    async def _send(self) -> None:
        while True:
            self._wake.clear()
            for _ in range(BURST_FRAMES):
                for frame in self._peer.take_outbox():
                    await self._socket.send(encode(frame))
                slot = self._peer.next_send()
                made = None if slot is None else self._relay.frame(slot, self._peer)
                if slot is None or made is None:
                    break
                frame, count = made
                self._peer.sent(slot.stream, count)  # before it can be acked
                await self._socket.send(encode(frame))
            else:
                await asyncio.sleep(0)
                continue
            await self._wake.wait()

    async def _tick(self) -> None:
        opened = self._clock.boottime()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = self._clock.boottime()
            for event in self._peer.tick(now):
                await self._take(event)
            if not self._peer.is_open and now - opened > HELLO_TIMEOUT_SECONDS:
                raise SessionEnd(None, "the hub did not welcome the node in time")
            if self._peer.is_open and now >= self._next_heartbeat:
                self._peer.heartbeat(self._host.load())
                self._next_heartbeat = now + self._heartbeat_seconds
            self._relay.save_cursors()
            self._wake.set()

    async def _take(self, event: NodeEvent) -> None:  # noqa: C901, PLR0912 - one case an event
        match event:
            case ChallengeReceived(challenge):
                if words := self._host.pin(challenge.payload.keys or ()):
                    await self._hang_up(words)
                self._peer.hello(
                    self._host.sign(self._peer.bytes_to_sign()),
                    running=self._host.running(),
                    capabilities=self._host.capabilities(),
                    config_version=self._host.config_version(),
                )
            case Welcomed(welcome):
                self._heartbeat_seconds = welcome.payload.heartbeat_seconds
                self._next_heartbeat = self._clock.boottime()  # the board has not seen our load yet
                self._host.welcomed(welcome.payload)
            case CommandReceived():
                self._host.command(event, nonce=self._peer.nonce)
            case Acked(stream, position, settled):
                whole = self._relay.acked(stream, position=position, is_settled=settled)
                if whole is not None:
                    self._host.settled(whole)
            case Rewound(stream, position):
                LOG.warning("the hub asks for %s again from %d", stream, position)
                self._relay.rewound(stream, position=position)
            case Resending(stream, start):
                LOG.warning("no ack came for %s: sending again from %d", stream, start)
            case DataGone(stream, asked, first):
                LOG.error("the hub asks for %s from %d, the node holds %d on", stream, asked, first)
            case Refused(payload):
                LOG.error(
                    "the hub did not understand %s %s: %s",
                    payload.type_name,
                    payload.field,
                    payload.message,
                )
            case LinkDead(seconds):
                self._socket.transport.abort()
                raise SessionEnd(None, f"the hub was silent for {seconds:.0f} s")
            case Close():
                for frame in self._peer.take_outbox():
                    await self._socket.send(encode(frame))
                await self._socket.close(event.code, event.text)
                raise SessionEnd(event.code, event.detail, is_ours=True)
            case _:
                assert_never(event)

    async def _hang_up(self, words: str) -> NoReturn:
        """Leave a board whose key is not the one that this node trusts now."""
        ended = Close(CloseReason.AUTH, words)
        await self._socket.close(ended.code, ended.text)
        raise SessionEnd(ended.code, words, is_ours=True)


def end_of(closed: BaseExceptionGroup[ConnectionClosed]) -> SessionEnd:
    """Read why the other side, or the network, ended it."""
    for error in closed.exceptions:
        if isinstance(error, ConnectionClosed) and error.rcvd is not None:
            return SessionEnd(error.rcvd.code, error.rcvd.reason)
    return SessionEnd(None, "the connection broke")
