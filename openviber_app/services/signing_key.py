"""The board's signing key: which it is, and putting a new one in its place."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ForbiddenError
from openviber_app.domain.reports import Advance
from openviber_app.services import audit
from openviber_app.services.accounts import OWNER
from openviber_app.services.runtime import Runtime
from openviber_app.store import nodes
from openviber_app.vault.hub_keys import SignedOver


@dataclass(frozen=True, slots=True)
class Follower:
    """A node, and whether it trusts today's key already."""

    id: UUID
    name: str
    is_connected: bool
    has_key: bool


@dataclass(frozen=True, slots=True)
class HubKey:
    """The key that nodes pin; `since` is None for the one of the first start."""

    key_id: str
    since: datetime | None
    earlier_key_ids: tuple[str, ...]
    nodes: tuple[Follower, ...]


async def get_hub_key(runtime: Runtime) -> HubKey:
    """Return today's key, the ids of those before it, oldest first, and who follows."""
    links, key_id = runtime.vault.hub_key_links, runtime.vault.hub_key_id
    async with runtime.store.read() as db:
        found = await nodes.list_pinning(db)
    return HubKey(
        key_id=key_id,
        since=datetime.fromisoformat(links[-1].at) if links else None,
        earlier_key_ids=tuple(link.old_key_id for link in links),
        nodes=tuple(
            Follower(
                id=node.id,
                name=node.name,
                is_connected=node.is_connected,
                has_key=not links or node.hub_key_id == key_id,  # there never was another
            )
            for node in found
        ),
    )


async def rotate_hub_key(
    runtime: Runtime, actor: Actor, *, signed_over: SignedOver, client: str = ""
) -> HubKey:
    """Sign with a new key from now on; connected nodes come back and pin it.

    Raises:
        ForbiddenError: the actor is not an owner of the board.
        KeyFileError: the key files cannot be written; the old key stays.
    """
    if actor.role != OWNER:
        raise ForbiddenError("only an owner of this board changes its signing key")
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        connected = await nodes.list_connected(db)
        link = runtime.vault.rotate_hub_key(now=now, signed_over=signed_over)
        new_id = runtime.vault.hub_key_id
        audit.record(
            runtime,
            db,
            audit.Deed(
                action="key.signing_rotated",
                target=audit.Target(kind="key", name=new_id),
                actor=actor,
                client=client,
                facts={"old_key_id": link.old_key_id, "new_key_id": new_id},
            ),
        )
    runtime.announce([Advance(f"outbox:{node_id}") for node_id in connected])
    return await get_hub_key(runtime)
