"""The redaction self-test of a node: asked for here, carried out there, its score kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance, SelfTestResult
from openviber_app.services import audit
from openviber_app.services.runtime import Runtime
from openviber_app.store import nodes
from openviber_app.store.commands import add_command, find_command
from openviber_app.store.tables import Node

COMMAND = "redaction:test"
FEATURE = "redaction-test"
"""What a node that can do this names in its hello."""


async def start(runtime: Runtime, actor: Actor, *, node_id: UUID) -> None:
    """Ask a node to print made-up secrets; one test at a time.

    Raises:
        NotFoundError: no such node.
        ConflictError: it cannot do this now; the message says why.
    """
    async with runtime.store.write() as db:
        node = await nodes.find_node(db, node_id=node_id, user_id=actor.user_id)
        if node is None:
            raise NotFoundError("node")
        if not node.is_connected:
            raise ConflictError(f"{node.name} is not connected: test it when it is back")
        if FEATURE not in node.capabilities.get("features", ()):
            raise ConflictError(f"{node.name}'s daemon is too old for this: renew it first")
        if await _is_going_on(db, node):
            return
        now, test_id = runtime.clock.now(), new_id()
        add_command(
            db,
            command_id=test_id,
            node_id=node.id,
            type=COMMAND,
            attempt=1,
            payload={"test_id": str(test_id)},
            now=now,
        )
        node.self_test = {
            **node.self_test,
            "going_on": str(test_id),
            "problem": "",
        }
        target = audit.Target(kind="node", id=node.id, name=node.name)
        audit.record(runtime, db, audit.Deed(action="node.tested", target=target, actor=actor))
    runtime.announce([Advance(f"outbox:{node_id}"), Advance(f"user:{actor.user_id}")])


async def _is_going_on(db: AsyncSession, node: Node) -> bool:
    """Say whether a test was asked for on this connection and has not been answered."""
    asked = node.self_test.get("going_on")
    row = await find_command(db, command_id=UUID(asked)) if asked else None
    began = row.sent_at or row.created_at if row else None
    return began is not None and (node.link_changed_at is None or began >= node.link_changed_at)


async def apply_result(
    db: AsyncSession, *, node_id: UUID, result: SelfTestResult, now: datetime
) -> list[Advance]:
    """Keep a score."""
    node = await db.get(Node, node_id)
    if node is None:
        return []
    node.self_test = {
        "test_id": str(result.test_id),
        "tried": result.tried,
        "masked": result.masked,
        "missed": list(result.missed),
        "at": now.isoformat(),
    }
    return [Advance(f"user:{node.user_id}")]


async def refused(db: AsyncSession, *, node_id: UUID, message: str) -> list[Advance]:
    """Keep why a test did not come about, beside the last score."""
    node = await db.get(Node, node_id)
    if node is None:
        return []
    kept = {key: value for key, value in node.self_test.items() if key != "going_on"}
    node.self_test = {**kept, "problem": message}
    return [Advance(f"user:{node.user_id}")]
