"""Nodes: a person's machines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
    Problem,
    RevokedNodeError,
)
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.statuses import CommandStatus, RunStatus
from openviber_app.services import bindings as binding_service
from openviber_app.services import runs
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings, nodes
from openviber_app.store.tables import Command, Node, OnboardToken
from openviber_app.vault.tokens import hash_token, new_token

TOKEN_LIFE = timedelta(minutes=15)
NODE_TOKEN_PREFIX = "ov_node_"  # noqa: S105 - the prefix of a token, none itself
NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A one-time token; `token` exists nowhere else."""

    token: str
    expires_at: datetime
    node_id: UUID

    def __repr__(self) -> str:
        return f"MadeToken(for {self.node_id}, until {self.expires_at})"


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node as its owner sees it. `link` is `waiting`, `connected`, `unreachable` or `revoked`."""

    id: UUID
    name: str
    link: str
    link_changed_at: datetime | None
    last_seen_at: datetime | None
    daemon_version: str
    capabilities: dict[str, Any]
    load: dict[str, Any]
    created_at: datetime
    claimed_at: datetime | None
    bindings: int
    prepares: int
    runs: int
    link_reason: str = ""
    """Why it is unreachable, as far as the hub knows."""
    clock_skew_seconds: float | None = None
    """How far its clock was ahead when it connected."""
    self_test: dict[str, Any] = field(default_factory=dict[str, Any])
    """The last redaction self-test; see `services.self_tests`."""
    token_expires_at: datetime | None = None
    """The end of the one-time token that it waits with."""
    drained_at: datetime | None = None
    revoked_at: datetime | None = None
    fenced_at: datetime | None = None
    """When a second daemon last had its identity, until that is over or said to be settled."""
    signing_key_id: str = ""
    keys_since: datetime | None = None
    rotation: str = ""
    """What became of the last wish for new keys, while that is worth saying."""


def _view(
    node: Node, counts: dict[str, int], *, token_expires_at: datetime | None, rotation: str
) -> NodeView:
    known = node.claimed_at is not None
    return NodeView(
        id=node.id,
        name=node.name,
        link=link_of(node),
        link_changed_at=node.link_changed_at,
        link_reason="" if node.is_connected else node.link_reason,
        last_seen_at=node.last_seen_at,
        clock_skew_seconds=node.clock_skew_seconds,
        token_expires_at=None if known else token_expires_at,
        daemon_version=node.daemon_version,
        capabilities=node.capabilities,
        load=node.load,
        self_test=node.self_test,
        created_at=node.created_at,
        claimed_at=node.claimed_at,
        drained_at=node.drained_at,
        revoked_at=node.revoked_at,
        fenced_at=node.fenced_at,
        signing_key_id=node.signing_key_id or "",
        keys_since=node.keys_rotated_at or node.claimed_at,
        rotation=rotation,
        **counts,
    )


def link_of(node: Node) -> str:
    """Return the word for a node's link."""
    if node.revoked_at is not None:
        return "revoked"
    if node.is_connected:
        return "connected"
    return "unreachable" if node.claimed_at is not None else "waiting"


def checked_name(name: str) -> str:
    """Return a node's name without the space around it.

    Raises:
        InvalidInputError: it is empty, too long, or holds control characters.
    """
    name = name.strip()
    if not name or len(name) > NAME_MAX or not name.isprintable():
        message = f"a name has 1 to {NAME_MAX} visible characters, such as studio-01"
        raise InvalidInputError([Problem("/name", message)])
    return name


async def make_token(runtime: Runtime, actor: Actor, *, name: str) -> MadeToken:
    """Make a node's row with the one-time token that lets a daemon claim it.

    A name whose row nobody claimed yet is used again: its old token ends.

    Raises:
        InvalidInputError: the name cannot be taken.
        ConflictError: another node has the name.
    """
    name = checked_name(name)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        node = await _get_or_add(db, actor, name=name, now=now)
        made = await _replace_token(db, node, now=now)
        record(runtime, db, _deed("node.added", actor, node))
    runtime.announce([Advance(f"user:{actor.user_id}")])
    return made


async def make_another_token(runtime: Runtime, actor: Actor, *, node_id: UUID) -> MadeToken:
    """Make a new one-time token for a node that still waits; the old one ends.

    Raises:
        NotFoundError: no such node.
        ConflictError: a machine has claimed it already.
    """
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        if node.claimed_at is not None:
            raise ConflictError(
                f"{node.name} was set up already; for another machine add another node"
            )
        made = await _replace_token(db, node, now=runtime.clock.now())
        record(runtime, db, _deed("node.token_made", actor, node))
    runtime.announce([Advance(f"user:{actor.user_id}")])
    return made


async def _replace_token(db: AsyncSession, node: Node, *, now: datetime) -> MadeToken:
    token = new_token(NODE_TOKEN_PREFIX)
    expires_at = now + TOKEN_LIFE
    await nodes.end_onboard_tokens(db, node_id=node.id, now=now)
    db.add(
        OnboardToken(
            user_id=node.user_id,
            node_id=node.id,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return MadeToken(token, expires_at, node.id)


async def _get_or_add(db: AsyncSession, actor: Actor, *, name: str, now: datetime) -> Node:
    for node in await nodes.list_nodes(db, user_id=actor.user_id):
        if node.name != name:
            continue
        if node.claimed_at is not None:
            raise ConflictError(f"a node called {name} is there already; choose another name")
        return node
    node = Node(id=new_id(), user_id=actor.user_id, name=name, created_at=now)
    db.add(node)
    await db.flush()
    return node


async def list_nodes(runtime: Runtime, actor: Actor) -> list[NodeView]:
    """Return a person's nodes, oldest first."""
    async with runtime.store.read() as db:
        rows = await nodes.list_nodes(db, user_id=actor.user_id)
        return await views(db, rows)


async def views(db: AsyncSession, rows: Sequence[Node]) -> list[NodeView]:
    """Return nodes as their owner sees them."""
    ids = [row.id for row in rows]
    counts = await nodes.count_work(db, node_ids=ids)
    ends = await nodes.list_token_ends(db, node_ids=ids)
    rotations = await nodes.list_last_commands(db, node_ids=ids, type="keys:rotate")
    return [
        _view(
            row,
            counts[row.id],
            token_expires_at=ends.get(row.id),
            rotation=_rotation_words(row, rotations.get(row.id)),
        )
        for row in rows
    ]


def _rotation_words(node: Node, last: Command | None) -> str:
    if last is None or node.revoked_at is not None:
        return ""
    if last.status in {CommandStatus.PENDING, CommandStatus.SENT}:
        return f"{node.name} was asked to make new keys" + (
            "" if node.is_connected else "; it does so when it connects"
        )
    if last.status == CommandStatus.REFUSED:
        return f"{node.name} kept its keys: {last.reply}"
    return ""


async def get_node(runtime: Runtime, actor: Actor, *, node_id: UUID) -> NodeView:
    """Return a node.

    Raises:
        NotFoundError: no such node.
    """
    async with runtime.store.read() as db:
        node = await _get(db, actor, node_id=node_id)
        (view,) = await views(db, [node])
    return view


async def _get(db: AsyncSession, actor: Actor, *, node_id: UUID) -> Node:
    node = await nodes.find_node(db, user_id=actor.user_id, node_id=node_id)
    if node is None:
        raise NotFoundError("node")
    return node


async def rename_node(runtime: Runtime, actor: Actor, *, node_id: UUID, name: str) -> NodeView:
    """Give a node another name.

    Raises:
        NotFoundError: no such node.
        InvalidInputError: the name cannot be taken.
        ConflictError: another node has it.
    """
    name = checked_name(name)
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        if await nodes.is_name_taken(db, user_id=actor.user_id, name=name, except_id=node.id):
            raise ConflictError(f"a node called {name} is there already; choose another name")
        facts = {"before": node.name}
        node.name = name
        record(runtime, db, _deed("node.renamed", actor, node, facts=facts))
    runtime.announce([Advance(f"user:{actor.user_id}")])
    return await get_node(runtime, actor, node_id=node_id)


async def delete_node(runtime: Runtime, actor: Actor, *, node_id: UUID) -> None:
    """Remove a node: its token and its mappings go now, its socket is closed by the hub.

    Raises:
        NotFoundError: no such node.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        node = await _get(db, actor, node_id=node_id)
        moved: list[Advance] = []
        for mapping in await bindings.list_of_node(db, node_id=node_id):
            moved += await binding_service.remove(db, mapping, now=now)
        for run in await nodes.list_open_runs(db, node_id=node_id):
            message = f"{node.name} was removed from the board"
            moved += await runs.end_run(
                db, run=run, status=RunStatus.LOST, reason="lost", message=message, now=now
            )
        await db.flush()
        record(runtime, db, _deed("node.removed", actor, node))
        await db.delete(node)
    runtime.announce([*moved, Advance(f"outbox:{node_id}"), Advance(f"user:{actor.user_id}")])


def _deed(action: str, actor: Actor, node: Node, *, facts: dict[str, str] | None = None) -> Deed:
    target = Target(kind="node", id=node.id, name=node.name)
    return Deed(action=action, target=target, actor=actor, facts=facts or {})


async def get_node_by_token(runtime: Runtime, token: str) -> Node:
    """Return the node that carries this token.

    Raises:
        NotSignedInError: no node does.
        RevokedNodeError: the node was revoked.
    """
    async with runtime.store.read() as db:
        node = await nodes.find_node_by_token(db, token_hash=hash_token(token))
    if node is None:
        raise NotSignedInError(
            "this is no node's token; it was replaced or removed, or never onboarded"
        )
    if node.revoked_at is not None:
        raise RevokedNodeError(node.name)
    return node
