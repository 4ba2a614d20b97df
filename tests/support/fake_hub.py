"""A hub for the daemon's tests: the real protocol over a real socket, with faults to order."""

import asyncio
import base64
import hashlib
import json
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from openviber_protocol.closing import CloseReason
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
from openviber_protocol.frames import Command, HubAck, NodeHello
from openviber_protocol.hub_payloads import HubAckPayload
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.maker import FrameMaker
from openviber_protocol.payloads import HubKeyLink, StreamAck
from openviber_protocol.streams import CONTROL, execution_of
from tests.support.waiting import fact as wait_for_fact

Fault = Callable[[str], list[str]]
DEADLINE_SECONDS = 40.0
TOKEN = "ov_test-node-token"


def untouched(text: str) -> list[str]:
    return [text]


def twice(text: str) -> list[str]:
    return [text, text]


def dropping(*types: str) -> Fault:
    return lambda text: [] if json.loads(text)["type"] in types else [text]


class Shuffle:
    """Turns every `window` frames that have a position around; what is left waits for more."""

    def __init__(self, window: int = 5) -> None:
        self.window, self.held, self.turned = window, list[str](), 0

    def __call__(self, text: str) -> list[str]:
        if json.loads(text).get("seq") is None:
            return [text]
        self.held.append(text)
        if len(self.held) < self.window:
            return []
        self.turned += 1
        out, self.held = self.held[::-1], []
        return out


@dataclass
class FakeHub:
    """Commits at once, to memory. `to_node` and `from_node` bend what is sent and what arrives."""

    signing_key: bytes = b""
    token: str = TOKEN
    to_node: Fault = untouched
    from_node: Fault = untouched
    url: str = ""
    origin: str = ""
    epoch: int = 0
    hellos: list[NodeHello] = field(default_factory=list)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    logs: dict[UUID, bytearray] = field(default_factory=dict)
    settled: set[UUID] = field(default_factory=set)
    replies: list[CommandReplied] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    heartbeats: list[HeartbeatReceived] = field(default_factory=list)
    closes: list[tuple[int | None, str]] = field(default_factory=list)
    superseded: tuple[UUID, ...] = ()
    keys: tuple[HubKeyLink, ...] = ()
    config: dict[str, Any] = field(
        default_factory=lambda: {"environments": [], "bindings": [], "version": "v1"}
    )
    config_requests: int = 0
    commits: bool = True
    settles: bool = True
    heartbeat_seconds: float = 0.5
    log_window_bytes: int = 4 * 1024 * 1024
    event_window: int = 1000
    refuse_with: tuple[CloseReason, str] | None = None
    outbox: dict[tuple[UUID, int], Command] = field(default_factory=dict)
    _peer: HubPeer | None = None
    _socket: ServerConnection | None = None
    _server: Server | None = None

    # ------------------------------------------------------------ what tests do

    async def command(self, frame: Command) -> None:
        """Put a command into the outbox; it is sent again at each welcome until it is answered."""
        assert frame.command_id is not None
        assert frame.attempt is not None
        self.outbox[frame.command_id, frame.attempt] = frame
        if self._peer is not None and self._peer.is_open:
            self._peer.send_command(frame)
            await self._flush()

    async def say(self, text: str) -> None:
        """Send raw text."""
        assert self._socket is not None
        await self._socket.send(text)

    async def lie(self, stream: str, *, position: int, is_settled: bool) -> None:
        """Ack what was never sent."""
        ack = StreamAck(stream=stream, next=position, settled=is_settled)
        frame = maker().make(HubAck, HubAckPayload(acks=(ack,)), epoch=self.epoch)
        await self.say(encode(frame))

    async def hang_up(self, code: int = 1012, reason: str = "") -> None:
        if self._socket is not None:
            await self._socket.close(code, reason)

    async def drop(self) -> None:
        """Break the connection without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def until(self, fact: Callable[[], object], what: str) -> None:
        """Wait until something is true; what has nothing to do with frames is looked at too."""
        try:
            await wait_for_fact(fact, what, seconds=DEADLINE_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.summary()}") from None

    def summary(self) -> str:
        kinds = {name: [r["type"] for r in rows] for name, rows in self.records.items()}
        sizes = {str(name): len(data) for name, data in self.logs.items()}
        return f"records {kinds}, logs {sizes}, replies {self.replies}, closes {self.closes}"

    def events(self, execution_id: UUID) -> list[dict[str, Any]]:
        return self.records.get(f"events/{execution_id}", [])

    def final(self, execution_id: UUID) -> dict[str, Any] | None:
        """Give the last record of an execution once it is the end."""
        finals = [record for record in self.events(execution_id) if is_final(record)]
        assert len(finals) <= 1, f"more than one end: {finals}"
        return finals[0] if finals else None

    def log(self, execution_id: UUID) -> bytes:
        return bytes(self.logs.get(execution_id, b""))

    def replies_to(self, command_id: UUID | None) -> list[CommandReplied]:
        return [reply for reply in self.replies if reply.command_id == command_id]

    # ------------------------------------------------------------ the server

    async def start(self, port: int = 0) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            port,
            compression=None,
            ping_interval=None,
            process_request=self._web,
            max_size=2**20,
            close_timeout=1,
        )
        host, bound = next(iter(self._server.sockets)).getsockname()[:2]
        self.url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close(code=1012)
            await self._server.wait_closed()
            self._server = None

    @property
    def nonce(self) -> str:
        """The present connection's, as its node knows it."""
        assert self._peer is not None
        return self._peer.nonce

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def _web(self, _socket: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return Response(401, "Unauthorized", Headers(), b"{}")
        if request.path == "/hub":
            return None
        self.config_requests += 1
        etag = f'"{self.config["version"]}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(304, "Not Modified", Headers(ETag=etag), b"")
        body = json.dumps({"config": self.config}).encode()
        headers = Headers(
            {"ETag": etag, "Content-Type": "application/json", "Content-Length": str(len(body))}
        )
        return Response(200, "OK", headers, body)

    async def _serve(self, socket: ServerConnection) -> None:
        peer = HubPeer(
            maker=maker(),
            nonce=base64.b64encode(secrets.token_bytes(32)).decode(),
            origin=self.origin or self.url,
            keys=self.keys,
        )
        self._peer, self._socket = peer, socket
        peer.start()
        try:
            await self._flush()
            while True:
                for text in self.from_node(await self._receive(socket)):
                    for event in peer.receive_text(text):
                        self._take(event, peer)
                        if isinstance(event, Close):
                            await self._flush()
                            await socket.close(event.code, event.text)
                if self._peer is peer:
                    await self._flush()
        except ConnectionClosed as closed:
            rcvd = closed.rcvd
            self.closes.append((rcvd.code, rcvd.reason) if rcvd else (None, ""))

    async def _receive(self, socket: ServerConnection) -> str:
        text = await socket.recv()
        assert isinstance(text, str)
        return text

    async def _flush(self) -> None:
        assert self._peer is not None
        assert self._socket is not None
        for frame in self._peer.take_outbox():
            for text in self.to_node(encode(frame)):
                await self._socket.send(text)

    def _take(self, event: HubEvent, peer: HubPeer) -> None:
        match event:
            case HelloReceived(hello, _, signed):
                self._greet(hello, signed, peer)
            case StoreRecord(stream, _, frame):
                self.records.setdefault(stream, []).append(frame.model_dump(mode="json"))
                self._commit(peer, stream, event.next)
            case StoreLog(stream, offset, execution_id, data):
                log = self.logs.setdefault(execution_id, bytearray())
                assert offset == len(log)
                log += data
                self._commit(peer, stream, event.next)
            case CommandReplied():
                self.replies.append(event)
                self.outbox.pop((event.command_id, event.attempt), None)
            case HeartbeatReceived():
                self.heartbeats.append(event)
            case Refused():
                self.refused.append(event)
            case Close():
                pass

    def _greet(self, hello: NodeHello, signed: bytes, peer: HubPeer) -> None:
        self.hellos.append(hello)
        if self.refuse_with is not None:
            raise_close(peer, self._socket, *self.refuse_with)
            return
        if self.signing_key:
            key = Ed25519PublicKey.from_public_bytes(self.signing_key)
            try:
                key.verify(base64.b64decode(hello.payload.signature), signed)
            except InvalidSignature:
                raise AssertionError("the hello's signature is wrong") from None
        self.epoch += 1
        peer.welcome(
            epoch=self.epoch,
            acks=[
                StreamAck(stream=state.stream, next=self._held(state.stream), settled=False)
                for state in hello.payload.streams
            ],
            heartbeat_seconds=self.heartbeat_seconds,
            log_window_bytes=self.log_window_bytes,
            event_window=self.event_window,
            superseded=self.superseded,
            config_version=str(self.config["version"]),
        )
        for state in hello.payload.streams:
            self._commit(peer, state.stream, self._held(state.stream))
        for frame in list(self.outbox.values()):
            peer.send_command(frame)

    def _held(self, stream: str) -> int:
        execution_id = execution_of(stream)
        if execution_id is not None and stream.startswith("log/"):
            return len(self.logs.get(execution_id, b""))
        return len(self.records.get(stream, []))

    def _commit(self, peer: HubPeer, stream: str, position: int) -> None:
        if not self.commits:
            return
        peer.committed(stream, position)
        execution_id = execution_of(stream)
        if stream == CONTROL or execution_id is None or not self.settles:
            return
        final = self.final(execution_id)
        figures = final["payload"].get("log") if final else None
        if figures and self._held(f"log/{execution_id}") >= figures["bytes"]:
            log = self.log(execution_id)
            assert len(log) == figures["bytes"]
            assert hashlib.sha256(log).hexdigest() == figures["sha256"]
            self.settled.add(execution_id)
            for name in (f"events/{execution_id}", f"log/{execution_id}"):
                peer.committed(name, self._held(name), settled=True)


def maker() -> FrameMaker:
    return FrameMaker(uuid.uuid4, lambda: datetime.now(UTC))


def raise_close(
    peer: HubPeer, socket: ServerConnection | None, reason: CloseReason, detail: str
) -> None:
    """End a connection the way a hub refuses a node."""
    close = peer.refuse(reason, detail)
    assert socket is not None
    asyncio.get_running_loop().call_soon(
        lambda: asyncio.ensure_future(socket.close(close.code, close.text))
    )


def is_final(record: dict[str, Any]) -> bool:
    """Say whether a record is the end of an execution."""
    if record["type"] in ("thread:completed", "thread:error"):
        return True
    payload = record["payload"]
    return record["type"] == "environment:status" and payload.get("log") is not None


@asynccontextmanager
async def fake_hub(*, port: int = 0) -> AsyncIterator[FakeHub]:
    """Run a hub in the test's own loop."""
    hub = FakeHub()
    await hub.start(port)
    try:
        yield hub
    finally:
        await hub.stop()
