"""Who is connected to this process."""

import asyncio
from typing import Protocol
from uuid import UUID

from openviber_protocol.closing import CloseReason

HANDOVER_SECONDS = 10


class Link(Protocol):
    """A node's open connection."""

    gone: asyncio.Event
    """Set when nothing of it is written any more."""
    boot_id: str
    """Which start of a daemon it belongs to."""
    has_rival: bool
    """Set when another daemon took its place."""

    def end(self, reason: CloseReason, detail: str) -> None:
        """Close it soon; a second call changes nothing."""
        ...


class Registry:
    """The links of this process, one a node."""

    def __init__(self) -> None:
        self._links: dict[UUID, Link] = {}
        self.is_closing = False

    def __len__(self) -> int:
        return len(self._links)

    async def take(self, node_id: UUID, link: Link) -> None:
        """Make `link` the node's one link; an older one writes its last batch and is closed."""
        older = self._links.get(node_id)
        self._links[node_id] = link
        if older is None:
            return
        older.has_rival = older.boot_id != link.boot_id
        words = "another daemon" if older.has_rival else "the same daemon"
        older.end(CloseReason.SUPERSEDED, f"{words} connected with this node's identity")
        try:
            async with asyncio.timeout(HANDOVER_SECONDS):
                await older.gone.wait()
        except TimeoutError:
            return  # whatever it still writes is fenced off by the cursors

    def leave(self, node_id: UUID, link: Link) -> None:
        """Forget a link, unless a newer one took its place."""
        if self._links.get(node_id) is link:
            del self._links[node_id]

    async def close_all(self, reason: CloseReason = CloseReason.RESTART) -> None:
        """Say goodbye to every node; returns when their last batches are written."""
        self.is_closing = True
        links = list(self._links.values())
        for link in links:
            link.end(reason, "the board is restarting")
        for link in links:
            await link.gone.wait()
