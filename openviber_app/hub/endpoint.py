"""The door that nodes come through: `/hub`."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.domain.errors import NotSignedInError, RevokedNodeError
from openviber_app.domain.ids import new_id
from openviber_app.hub import endings
from openviber_app.hub.handshake import open_session, refusal
from openviber_app.hub.ledger import Ledger
from openviber_app.hub.outbox import Outbox, RevokedError
from openviber_app.hub.registry import Registry
from openviber_app.hub.sealing import new_nonce
from openviber_app.hub.session import Session, flush, read_message
from openviber_app.services import links, nodes
from openviber_app.services.runtime import Runtime, current
from openviber_app.store.tables import Node
from openviber_protocol.closing import CloseReason
from openviber_protocol.events import Close, HelloReceived
from openviber_protocol.frame import HELLO_TIMEOUT_SECONDS
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.maker import FrameMaker
from openviber_protocol.payloads import HubKeyLink

LOG = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0
LOG_WINDOW_BYTES = 4 * 1024 * 1024
EVENT_WINDOW = 512
NONCE_BYTES = 32
POLICY_VIOLATION = 1008  # before the accept, the server turns it into HTTP 403
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Hub:
    """The hub of one board process.

    The roof mounts `route`, awaits `start` once the Runtime is built, and `stop` before the server
    closes its sockets: nodes are then told 1012 and come back by themselves.
    """

    def __init__(
        self,
        runtime: Callable[[], Runtime] = current,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        hello_seconds: float = HELLO_TIMEOUT_SECONDS,
    ) -> None:
        self._runtime = runtime
        self._heartbeat_seconds = heartbeat_seconds
        self._hello_seconds = hello_seconds
        self.registry = Registry()
        self.route = WebSocketRoute("/hub", self.serve, name="hub")

    async def start(self) -> None:
        """Begin: no node is connected yet, whatever a killed process left behind."""
        await links.reset_all(self._runtime())

    async def stop(self) -> None:
        """Close every node's socket with 1012."""
        await self.registry.close_all()

    async def serve(self, socket: WebSocket) -> None:
        """Serve one node's socket until it ends."""
        if "origin" in socket.headers:  # a browser's page has no business here
            await socket.close(POLICY_VIOLATION)
            return
        runtime = self._runtime()
        try:
            node = await nodes.get_node_by_token(runtime, _bearer(socket))
        except NotSignedInError as error:
            # accepted first, so that the node reads our close code instead of a bare HTTP status
            await socket.accept()
            await _send_away(socket, error)
            return
        await socket.accept()
        if self.registry.is_closing:
            await _hang_up(socket, CloseReason.RESTART, "the board is restarting")
            return
        try:
            await self._serve_node(runtime, socket, node)
        except WebSocketDisconnect:
            return  # it left before its session began

    async def _serve_node(self, runtime: Runtime, socket: WebSocket, node: Node) -> None:
        maker = FrameMaker(new_id, runtime.clock.now)
        peer = HubPeer(
            maker=maker,
            nonce=new_nonce(secrets.token_bytes(NONCE_BYTES)),
            origin=origin_for(socket, runtime.settings.public_url),
            keys=[
                HubKeyLink(old_key=link.old_key, new_key=link.new_key, signature=link.signature)
                for link in runtime.vault.hub_key_links
            ],
        )
        hello = await self._greet(socket, peer)
        if isinstance(hello, HelloReceived):
            try:  # the hello took its time: the node may have other keys by now, or be revoked
                node = await nodes.get_node_by_token(runtime, _bearer(socket))
            except NotSignedInError as error:
                await _send_away(socket, error)
                return
            why_not = refusal(runtime, node, hello)
            if why_not is not None:
                hello = peer.refuse(CloseReason.AUTH, why_not)
        if isinstance(hello, Close):
            await links.refuse(runtime, node_id=node.id, reason=endings.sent_away(hello))
            await _hang_up(socket, hello.reason, hello.detail)
            return
        skew = (hello.hello.ts - runtime.clock.now()).total_seconds()
        ledger = Ledger(node.id)
        session = Session(
            runtime,
            socket=socket,
            peer=peer,
            ledger=ledger,
            outbox=Outbox(
                runtime,
                maker,
                node.id,
                node.auth_token_hash or "",
                peer.nonce,
                set(),
                hub_key_id=hello.hello.payload.hub_key_id,
            ),
            heartbeat_seconds=self._heartbeat_seconds,
        )
        try:
            await self.registry.take(node.id, session)
            await self._open(runtime, session, peer=peer, ledger=ledger, hello=hello, skew=skew)
            await session.run()
        finally:
            self.registry.leave(node.id, session)
            await session.release()
            if await session.is_outlived():
                await links.fence(runtime, node_id=node.id)

    async def _greet(self, socket: WebSocket, peer: HubPeer) -> HelloReceived | Close:
        peer.start()
        try:
            async with asyncio.timeout(self._hello_seconds):
                await flush(socket, peer)
                while True:
                    message = await read_message(socket)
                    for event in peer.receive_text(message):
                        if isinstance(event, HelloReceived | Close):
                            if isinstance(event, Close):
                                await flush(socket, peer)
                            return event
        except TimeoutError:
            seconds = f"{self._hello_seconds:g}"
            return peer.refuse(CloseReason.BAD_FRAME, f"no node:hello came within {seconds} s")

    async def _open(
        self,
        runtime: Runtime,
        session: Session,
        *,
        peer: HubPeer,
        ledger: Ledger,
        hello: HelloReceived,
        skew: float,
    ) -> None:
        try:
            opening = await open_session(
                runtime,
                node_id=ledger.node_id,
                hello=hello.hello,
                peer=peer,
                ledger=ledger,
                clock_skew_seconds=skew,
            )
        except RevokedError as error:
            session.end(CloseReason.REVOKED, str(error))
            return
        peer.welcome(
            epoch=opening.epoch,
            acks=opening.acks,
            heartbeat_seconds=self._heartbeat_seconds,
            log_window_bytes=LOG_WINDOW_BYTES,
            event_window=EVENT_WINDOW,
            superseded=opening.superseded,
            config_version=opening.config_version,
        )
        session.ingest.check(opening.to_check)


def _bearer(socket: WebSocket) -> str:
    scheme, _, value = socket.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


async def _send_away(socket: WebSocket, error: NotSignedInError) -> None:
    is_revoked = isinstance(error, RevokedNodeError)
    reason = CloseReason.REVOKED if is_revoked else CloseReason.AUTH
    await _hang_up(socket, reason, str(error))


async def _hang_up(socket: WebSocket, reason: CloseReason, detail: str) -> None:
    verdict = Close(reason, detail)
    await socket.close(verdict.code, verdict.text)


def origin_for(socket: WebSocket, public_url: str) -> str:
    """Return the address that this board answers for on a socket; the node signs it.

    A node dials the public address, or on the way to trying things out a loopback name or the
    machine's bare address. Any other name that a client merely claims in its Host header is not
    ours to confirm: somebody else's board could pass on our challenge under its own name.
    """
    public = urlsplit(public_url)
    host = socket.headers.get("host", "")
    claimed = urlsplit(f"//{host}")
    server = socket.scope.get("server") or ("", None)
    own_names = {*LOOPBACK, str(server[0])}
    if claimed.hostname in own_names and claimed.port == server[1]:
        return f"http://{host}"
    return f"{public.scheme}://{public.netloc}"
