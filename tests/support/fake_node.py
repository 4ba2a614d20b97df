"""A node that speaks the real protocol with the real rules, and does no work.

Its spool is in memory; a test says what is in it. Keys are made and used for real.
"""

import asyncio
import base64
import contextlib
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from openviber_protocol.canonical import bundle_info, bundle_signed, key_id
from openviber_protocol.codec import encode
from openviber_protocol.events import (
    Acked,
    ChallengeReceived,
    Close,
    CommandReceived,
    NodeEvent,
    Refused,
    Rewound,
    Welcomed,
)
from openviber_protocol.frame import PROTOCOL_MAX, PROTOCOL_MIN
from openviber_protocol.frames import Command, EnvironmentPrepare, HubWelcome, ThreadSubmit
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_hello import NodeIdentity
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.payloads import Capabilities, RunningExecution
from openviber_protocol.streams import CONTROL, execution_of, is_log
from tests.support.board import Person
from tests.support.node_keys import Keys, onboard_body

DEADLINE_SECONDS = 30.0

Fault = Callable[[list[str]], list[str]]
"""What the wire does to the frames that the node sends."""


def unharmed(frames: list[str]) -> list[str]:
    return frames


async def until(fact: Callable[[], Any], *, what: str) -> Any:
    """Wait for a fact of this process, and return it."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not (found := fact()):  # noqa: ASYNC110 - any fact may be asked for
            await asyncio.sleep(0.005)
    assert found, what
    return found


@dataclass
class FakeNode:
    """One onboarded machine; `connected` makes a session of it."""

    node_id: UUID
    name: str
    auth_token: str
    hub_key: bytes
    keys: Keys
    socket_url: str
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    logs: dict[str, bytearray] = field(default_factory=dict)
    acked: dict[str, int] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    running: list[RunningExecution] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    replies: dict[tuple[UUID, int], tuple[bool, str]] = field(default_factory=dict)
    boots: int = 0

    # ---------------------------------------------------------------- spool

    def add_record(self, execution_id: UUID, type_name: str, payload: dict[str, Any]) -> None:
        """Spool one record of an execution."""
        stream = f"events/{execution_id}"
        self.records.setdefault(stream, []).append({"type": type_name, "payload": payload})

    def add_control(self, type_name: str, payload: dict[str, Any]) -> None:
        """Spool one record outside any execution."""
        self.records.setdefault("control", []).append({"type": type_name, "payload": payload})

    def add_log(self, execution_id: UUID, data: bytes) -> None:
        """Spool bytes of an execution's log."""
        self.logs.setdefault(f"log/{execution_id}", bytearray()).extend(data)

    def log_end(self, execution_id: UUID) -> dict[str, Any]:
        """Say what the execution's log is, as its writer would."""
        data = bytes(self.logs.get(f"log/{execution_id}", b""))
        return {
            "bytes": len(data),
            "lines": data.count(b"\n"),
            "sha256": hashlib.sha256(data).hexdigest(),
        }

    def length(self, stream: str) -> int:
        return len(self.logs[stream]) if is_log(stream) else len(self.records[stream])

    def streams(self) -> list[str]:
        return [s for s in (*self.records, *self.logs) if s not in self.settled]

    def prepare_status(self, command: Command, **changes: Any) -> dict[str, Any]:
        """Make the payload of a status of the prepare that a command asked for."""
        assert isinstance(command, EnvironmentPrepare)
        said = command.payload
        return {
            "bindingId": str(said.binding_id),
            "prepareId": str(said.prepare_id),
            "status": "preparing",
        } | changes

    def finish_prepare(self, command: Command, **changes: Any) -> UUID:
        """Spool the end of a prepare: ready unless the changes say otherwise."""
        assert isinstance(command, EnvironmentPrepare)
        execution_id = command.payload.prepare_id
        payload = self.prepare_status(
            command,
            **{
                "status": "ready",
                "log": self.log_end(execution_id),
                "resolvedWorkingDir": "/work/1",
                "fingerprint": {**command.payload.spec.fingerprint, "commit": "abc"},
                "slots": {"bindingId": str(command.payload.binding_id), "ready": 1, "claimed": 0},
            }
            | changes,
        )
        self.add_record(execution_id, "environment:status", payload)
        return execution_id

    # -------------------------------------------------------------- bundles

    def open_bundle(self, command: Command, nonce: str) -> dict[str, Any]:
        """Check the board's signature over a command's secrets, and open them."""
        assert isinstance(command, EnvironmentPrepare | ThreadSubmit)
        bundle = command.payload.bundle
        assert bundle is not None
        assert command.command_id is not None
        assert command.attempt is not None
        info = bundle_info(
            nonce=nonce,
            node_id=self.node_id,
            node_key_id=bundle.node_key_id,
            environment_id=command.payload.environment_id,
            binding_id=command.payload.binding_id,
            command_id=command.command_id,
            attempt=command.attempt,
            expires_at=bundle.expires_at,
        )
        ciphertext = base64.b64decode(bundle.ciphertext)
        Ed25519PublicKey.from_public_bytes(self.hub_key).verify(
            base64.b64decode(bundle.signature), bundle_signed(info=info, ciphertext=ciphertext)
        )
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
        return json.loads(suite.decrypt(ciphertext, self.keys.sealing, info=info))

    # -------------------------------------------------------------- session

    def identity(self, **changes: Any) -> NodeIdentity:
        self.boots += 1
        said: dict[str, Any] = {
            "node_id": self.node_id,
            "daemon_version": "0.1.0",
            "boot_id": f"boot-{self.boots}",
            "signing_key_id": key_id(self.keys.public_signing),
            "sealing_key_id": key_id(self.keys.public_sealing),
            "hub_key_id": key_id(self.hub_key),
        }
        return NodeIdentity(**(said | changes))

    @contextlib.asynccontextmanager
    async def connected(
        self, *, wire: Fault = unharmed, heartbeat: bool = True, **identity: Any
    ) -> AsyncIterator["Session"]:
        """Connect, shake hands, and serve the link in the background for the block."""
        async with self.dialled(wire=wire, heartbeat=heartbeat, **identity) as session:
            await until(lambda: session.welcome or session.close_code, what="a welcome")
            assert session.welcome is not None, (session.close_code, session.close_reason)
            yield session

    @contextlib.asynccontextmanager
    async def dialled(
        self,
        *,
        wire: Fault = unharmed,
        heartbeat: bool = True,
        versions: tuple[int, int] = (PROTOCOL_MIN, PROTOCOL_MAX),
        **identity: Any,
    ) -> AsyncIterator["Session"]:
        """Connect and serve the link, whatever the board says to it."""
        headers = {"Authorization": f"Bearer {self.auth_token}"}
        socket = await connect(
            self.socket_url,
            additional_headers=headers,
            compression=None,
            ping_interval=None,
            max_size=256 * 1024,
        )
        peer = NodePeer(
            maker=FrameMaker(uuid.uuid4, lambda: datetime.now(UTC)),
            identity=self.identity(**identity),
            origin=self.socket_url.replace("ws", "http", 1).removesuffix("/hub"),
            resend_after=0.5,
            versions=versions,
        )
        session = Session(self, socket, peer, wire=wire, heartbeat=heartbeat)
        async with asyncio.TaskGroup() as tasks:
            loops = [tasks.create_task(loop()) for loop in (session.read, session.write)]
            try:
                yield session
            finally:
                for loop in loops:
                    loop.cancel()
                await socket.close()


class Session:
    """One connection of a fake node."""

    def __init__(
        self,
        node: FakeNode,
        socket: ClientConnection,
        peer: NodePeer,
        *,
        wire: Fault,
        heartbeat: bool,
    ) -> None:
        self.node, self.socket, self.peer = node, socket, peer
        self.wire, self.heartbeat = wire, heartbeat
        self.sign: Callable[[bytes], bytes] = node.keys.signing.sign
        self.challenge: ChallengeReceived | None = None
        self.welcome: HubWelcome | None = None
        self.close_code: int | None = None
        self.close_reason = ""
        self.refused, self.rewound = list[Refused](), list[Rewound]()
        self.wake = asyncio.Event()
        for stream in node.streams():
            acked = node.acked.get(stream, 0)
            first = acked if stream == CONTROL else 0  # as a daemon: what is acked is thrown away
            peer.open_stream(stream, acked=acked, available=node.length(stream), first=first)

    async def read(self) -> None:
        try:
            async for message in self.socket:
                for event in self.peer.receive_text(message):
                    await self._receive(event)
                self.wake.set()
        except ConnectionClosed:
            pass
        self.close_code = self.socket.close_code
        self.close_reason = self.socket.close_reason or ""

    async def _receive(self, event: NodeEvent) -> None:
        node = self.node
        match event:
            case ChallengeReceived():
                self.challenge = event
                signature = self.sign(self.peer.bytes_to_sign())
                self.peer.hello(
                    signature,
                    running=node.running,
                    capabilities=Capabilities(os="linux", git="2.39.5"),
                )
            case Welcomed():
                self.welcome = event.welcome
            case CommandReceived():
                node.commands.append(event.frame)
                key = (event.command_id, event.attempt)
                accepted, message = node.replies.setdefault(key, (True, ""))
                self.peer.reply(*key, accepted=accepted, message=message)
            case Acked():
                node.acked[event.stream] = event.next
                if event.settled:
                    node.settled.add(event.stream)
            case Rewound():
                self.rewound.append(event)
                node.acked[event.stream] = event.next
            case Refused():
                self.refused.append(event)
            case Close():
                await self.socket.close(event.code, event.text)
            case _:
                pass

    async def write(self) -> None:
        loop = asyncio.get_running_loop()
        next_beat = loop.time()
        with contextlib.suppress(ConnectionClosed):
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await self.wake.wait()
                self.wake.clear()
                if self.peer.is_open:
                    self._extend()
                    self.peer.tick(loop.time())
                    assert self.welcome is not None
                    if self.heartbeat and loop.time() >= next_beat:
                        next_beat = loop.time() + self.welcome.payload.heartbeat_seconds
                        self.peer.heartbeat()
                await self._send([encode(frame) for frame in self.peer.take_outbox()])
                while (frame := self._next()) is not None:
                    await self._send([frame])

    def _extend(self) -> None:
        for stream in self.node.streams():
            self.peer.extend(stream, self.node.length(stream))

    def _next(self) -> str | None:
        slot = self.peer.next_send()
        if slot is None:
            return None
        if is_log(slot.stream):
            data = bytes(self.node.logs[slot.stream][slot.start : slot.start + slot.budget])
            self.peer.sent(slot.stream, len(data))
            kind = self._kind(slot.stream)
            return encode(self.peer.log_frame(slot.stream, slot.start, data, kind=kind))
        record = self.node.records[slot.stream][slot.start]
        self.peer.sent(slot.stream, 1)
        return encode(
            self.peer.record_frame(
                slot.stream, slot.start, type_name=record["type"], payload=record["payload"]
            )
        )

    def _kind(self, stream: str) -> Any:
        runs = {c.payload.run_id for c in self.node.commands if isinstance(c, ThreadSubmit)}
        return "run" if execution_of(stream) in runs else "prepare"

    async def _send(self, frames: list[str]) -> None:
        for frame in self.wire(frames):
            await self.socket.send(frame)

    async def closed(self) -> int:
        """Wait until the board hung up; return its close code."""
        await until(lambda: self.close_code is not None, what="a close")
        assert self.close_code is not None
        return self.close_code


async def make_node(
    client: httpx2.AsyncClient, socket_url: str, person: Person, *, name: str = "studio-01"
) -> FakeNode:
    """Onboard a machine for a person, through the ordinary routes."""
    made = await client.post("/api/nodes/tokens", json={"name": name}, headers=person.headers)
    assert made.status_code == 201, made.text
    keys = Keys()
    body = onboard_body(keys, made.json()["token"])
    claimed = await client.post("/api/nodes/onboard", json=body)
    assert claimed.status_code == 201, claimed.text
    said = claimed.json()
    return FakeNode(
        node_id=UUID(said["nodeId"]),
        name=said["name"],
        auth_token=said["authToken"],
        hub_key=base64.b64decode(said["hubKey"]),
        keys=keys,
        socket_url=socket_url,
    )
