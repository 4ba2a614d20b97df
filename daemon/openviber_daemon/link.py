"""The node's way to its board: connect, serve, wait, connect again."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from openviber_daemon.backoff import BackOff
from openviber_daemon.clock import Clock
from openviber_daemon.config import NodeConfig, is_loopback
from openviber_daemon.daemon_log import LOG
from openviber_daemon.reaching import explain
from openviber_daemon.relay import Relay
from openviber_daemon.session import Host, Session, SessionEnd
from openviber_daemon.spool import Reply
from openviber_daemon.version import VERSION
from openviber_protocol.closing import ClosePolicy, CloseReason, code_of, policy_for
from openviber_protocol.frame import MAX_FRAME_BYTES
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_hello import NodeIdentity
from openviber_protocol.node_peer import NodePeer

OPEN_SECONDS = 15
CLOSE_SECONDS = 0.5
WRITE_BYTES = 128 * 1024
"""What may wait in this process for the network: a status waits behind no more than that."""

MOST_REFUSALS = 3
"""A board that starts up may refuse once; one that goes on does not know this node."""

ADVICE = {
    CloseReason.AUTH: (
        "the board does not accept this node's credentials. Make a token on the board's "
        "Nodes page and run: openviber onboard --replace --token <token>"
    ),
    CloseReason.REVOKED: (
        "this node was removed or revoked on the board: it is told nothing more, and what ran "
        "here was stopped. To bring the machine back, make a token on the board's Nodes page and "
        "run: openviber onboard --replace --token <token>"
    ),
    CloseReason.SUPERSEDED: (
        "another daemon has connected as this node, so this one stops. Each machine needs its own "
        "onboarding: if a home folder was copied, onboard the copy again; if you know of no copy, "
        "somebody else has this node's keys: revoke the node on the board's Nodes page"
    ),
}


@dataclass(frozen=True)
class LinkState:
    """Where the link is, for `openviber status`."""

    state: str
    detail: str = ""


@dataclass(frozen=True)
class Farewell:
    """Why it is senseless to go on, in words, with the reason behind them."""

    reason: CloseReason
    words: str


class Link:
    """Keeps one session with the hub."""

    def __init__(
        self,
        *,
        config: NodeConfig,
        identity: NodeIdentity,
        relay: Relay,
        host: Host,
        clock: Clock,
        changed: Callable[[LinkState], None],
    ) -> None:
        self._config, self._identity, self._relay = config, identity, relay
        self._host, self._clock, self._changed = host, clock, changed
        self._session: Session | None = None
        self._back_off = BackOff()
        self._refusals = 0
        self.is_stopping = False

    def wake(self) -> None:
        """There may be something to send."""
        if self._session is not None:
            self._session.wake()

    def reply(self, reply: Reply, *, command_id: UUID, attempt: int) -> None:
        """Answer a command on whichever connection there is; without one the hub will ask again."""
        if self._session is not None:
            self._session.reply(reply, command_id=command_id, attempt=attempt)

    async def run(self) -> Farewell:
        """Stay connected; return only what makes it senseless to go on."""
        while True:
            self._changed(LinkState("connecting", self._config.board_url))
            end = await self._connect_once()
            policy = policy_for(end.code)
            if not policy.retry:
                return Farewell(policy.reason, stopped(policy, end))
            delay = self._back_off.next_delay(is_slow=policy.slow)
            words = end.text or policy.meaning
            LOG.warning(
                "not connected to %s: %s; again in %.1f s", self._config.board_url, words, delay
            )
            self._changed(LinkState("waiting", words))
            await asyncio.sleep(delay)

    async def _connect_once(self) -> SessionEnd:
        url = self._config.hub_url
        host = urlsplit(url).hostname or ""
        opening = connect(
            url,
            additional_headers={"Authorization": f"Bearer {self._config.auth_token}"},
            user_agent_header=f"openviber/{VERSION}",
            compression=None,
            max_size=MAX_FRAME_BYTES,
            ping_interval=None,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            write_limit=WRITE_BYTES,
            proxy=None if is_loopback(host) else True,
        )
        try:
            async with opening as connection:
                began = self._clock.boottime()
                peer = NodePeer(
                    maker=FrameMaker(uuid.uuid4, self._clock.now),
                    identity=self._identity,
                    origin=self._config.origin,
                )
                self._refusals = 0
                self._session = Session(
                    socket=connection,
                    peer=peer,
                    relay=self._relay,
                    host=self._host,
                    clock=self._clock,
                )
                try:
                    return await self._session.run()
                except asyncio.CancelledError:
                    # or the library would say 1011, as if we had failed
                    await connection.close(code_of(CloseReason.GOING_AWAY), "the daemon stops")
                    raise
                finally:
                    self._session = None
                    self._back_off.lasted(self._clock.boottime() - began)
        except InvalidStatus as error:
            return self._refused(error.response.status_code)
        except (OSError, WebSocketException) as error:
            return SessionEnd(None, explain(error, self._config.board_url))

    def _refused(self, status: int) -> SessionEnd:
        """Read an answer that is no WebSocket."""
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            self._refusals += 1
            if status == HTTPStatus.UNAUTHORIZED or self._refusals >= MOST_REFUSALS:
                return SessionEnd(code_of(CloseReason.AUTH), f"it answered {status}")
            return SessionEnd(None, f"the board refused the connection ({status})")
        return SessionEnd(None, f"the board answered {status} instead of opening a connection")


def stopped(policy: ClosePolicy, end: SessionEnd) -> str:
    """Say why the daemon gives up, and what to do."""
    if end.is_ours:
        return (
            f"{end.text}. Onboard again with the board's real address: "
            "openviber onboard --replace --token <token> --board <address>"
        )
    said = f" (the board said: {end.text})" if end.text else ""
    return ADVICE.get(policy.reason, policy.meaning) + said
