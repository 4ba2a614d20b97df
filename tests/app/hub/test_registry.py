"""Who is connected: one link a node."""

import asyncio
from uuid import UUID

from openviber_app.domain.ids import new_id
from openviber_app.hub.registry import Registry
from openviber_protocol.closing import CloseReason


class Link:
    """A link that goes as soon as it is told to."""

    def __init__(self, boot_id: str = "boot-1") -> None:
        self.boot_id, self.has_rival = boot_id, False
        self.gone = asyncio.Event()
        self.reasons: list[CloseReason] = []

    def end(self, reason: CloseReason, detail: str) -> None:
        assert detail
        self.reasons.append(reason)
        self.gone.set()


async def test_a_newer_link_takes_the_place_of_an_older_one() -> None:
    registry, node_id, older, newer = Registry(), new_id(), Link(), Link()
    await registry.take(node_id, older)
    await registry.take(node_id, newer)
    assert older.reasons == [CloseReason.SUPERSEDED]
    assert newer.reasons == []
    registry.leave(node_id, older)  # it leaves late, and takes nobody with it
    assert len(registry) == 1
    registry.leave(node_id, newer)
    assert len(registry) == 0


async def test_only_another_daemon_is_a_rival_not_the_same_one_that_comes_back() -> None:
    registry, node_id = Registry(), new_id()
    first, again, other = Link("boot-1"), Link("boot-1"), Link("boot-2")
    for link in (first, again, other):
        await registry.take(node_id, link)
    assert (first.has_rival, again.has_rival, other.has_rival) == (False, True, False)


async def test_a_stop_says_goodbye_to_everyone_and_waits_for_them() -> None:
    registry = Registry()
    links: dict[UUID, Link] = {new_id(): Link() for _ in range(3)}
    for node_id, link in links.items():
        await registry.take(node_id, link)
    await registry.close_all()
    assert all(link.reasons == [CloseReason.RESTART] for link in links.values())
    assert registry.is_closing
