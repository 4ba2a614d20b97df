"""Both peers in memory: a maker that needs no clock, and a session that is open already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar
from uuid import UUID

from openviber_protocol.events import ChallengeReceived, HelloReceived, HubEvent, NodeEvent
from openviber_protocol.frames import Command, EnvironmentSync, SyncPayload
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_hello import NodeIdentity
from openviber_protocol.node_peer import NodePeer
from openviber_protocol.payloads import StreamAck

NODE_ID = UUID("01900000-0000-7000-8000-000000000001")
EXECUTION = UUID("01900000-0000-7000-8000-000000000004")
THREAD_ID = UUID("01900000-0000-7000-8000-000000000005")
COMMAND_ID = UUID("01900000-0000-7000-8000-000000000007")
EVENTS = f"events/{EXECUTION}"
LOG = f"log/{EXECUTION}"
ORIGIN = "https://board.example"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

T = TypeVar("T")

_numbers = count(1)


def make_id() -> UUID:
    return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + (next(_numbers) << 16))


def make_maker() -> FrameMaker:
    return FrameMaker(new_id=make_id, now=lambda: NOON)


def make_identity() -> NodeIdentity:
    return NodeIdentity(
        node_id=NODE_ID,
        daemon_version="0.1.0",
        boot_id="b1",
        signing_key_id="sk1",
        sealing_key_id="nk1",
        hub_key_id="hk1",
    )


def make_hub(**more: object) -> HubPeer:
    return HubPeer(maker=make_maker(), nonce="bm9uY2U=", origin=ORIGIN, **more)  # pyright: ignore[reportArgumentType]


def make_node(**more: object) -> NodePeer:
    return NodePeer(maker=make_maker(), identity=make_identity(), **more)  # pyright: ignore[reportArgumentType]


def make_command(attempt: int = 1, command_id: UUID = COMMAND_ID) -> Command:
    return make_maker().make(
        EnvironmentSync,
        SyncPayload(version="c1", bindings=()),
        command_id=command_id,
        attempt=attempt,
    )


def only(kind: type[T], events: Sequence[object]) -> T:
    """Take the one event of a kind; anything else beside it is a failure."""
    assert len(events) == 1, events
    assert isinstance(events[0], kind), events
    return events[0]


@dataclass
class Session:
    """A hub peer and a node peer with a perfect wire between them."""

    hub: HubPeer
    node: NodePeer

    def to_hub(self) -> list[HubEvent]:
        frames = self.node.take_outbox()
        return [event for frame in frames for event in self.hub.receive(frame)]

    def to_node(self) -> list[NodeEvent]:
        frames = self.hub.take_outbox()
        return [event for frame in frames for event in self.node.receive(frame)]


def greet(hub: HubPeer, node: NodePeer) -> HelloReceived:
    """Go as far as a hello at the hub."""
    session = Session(hub, node)
    hub.start()
    only(ChallengeReceived, session.to_node())
    node.hello(b"signature")
    return only(HelloReceived, session.to_hub())


def open_session(
    hub: HubPeer | None = None,
    node: NodePeer | None = None,
    *,
    acks: Sequence[StreamAck] = (),
    epoch: int = 3,
    log_window_bytes: int = 1 << 20,
    event_window: int = 100,
) -> tuple[Session, list[NodeEvent]]:
    """Go through the whole opening; return what the node said to the welcome, too."""
    session = Session(hub or make_hub(), node or make_node())
    greet(session.hub, session.node)
    session.hub.welcome(
        epoch=epoch,
        acks=acks,
        heartbeat_seconds=10.0,
        log_window_bytes=log_window_bytes,
        event_window=event_window,
    )
    return session, session.to_node()
