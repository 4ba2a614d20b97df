"""Threads put into a board's database by the store itself, with runs in every state."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from openviber_app.domain.ids import new_id
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.mark_tables import ThreadMark
from openviber_app.store.tables import Environment, Message, Node, Run, Thread, TimelineItem


@dataclass(frozen=True)
class Old:
    """A thread as it might have become in a life of its own."""

    title: str
    ago: timedelta = timedelta()
    run: str = ""
    exit_code: int | None = None
    lines: tuple[int, int] = (0, 0)
    status: str = "active"
    node: str = ""
    says: Sequence[str] = ()
    is_read: bool = True
    is_pinned: bool = False


def fill(data: Path, environment_id: str, threads: Sequence[Old]) -> list[str]:
    """Store threads in an environment; returns their ids."""
    work = _fill(data, UUID(environment_id), threads)
    with ThreadPoolExecutor(1) as pool:  # Playwright keeps a loop running in this thread
        return pool.submit(asyncio.run, work).result()


async def _fill(data: Path, environment_id: UUID, threads: Sequence[Old]) -> list[str]:
    store = Store(sqlite_url(data / "board.sqlite3"))
    try:
        async with store.write() as db:
            owner = (await db.get_one(Environment, environment_id)).user_id
            now = datetime.now(UTC)
            ids: list[str] = []
            nodes: dict[str, UUID] = {}
            rows: list[list[Any]] = [[], [], []]
            for one in threads:
                if one.node and one.node not in nodes:
                    nodes[one.node] = new_id()
                    rows[0].append(_node(nodes[one.node], owner, one.node, now))
                made = _rows(one, owner, environment_id, nodes.get(one.node), now)
                ids.append(str(made[0].id))
                rows[1].append(made[0])
                rows[2] += made[1:]
            for group in rows:
                db.add_all(group)
                await db.flush()
            return ids
    finally:
        await store.close()


def _node(node_id: UUID, owner: UUID, name: str, now: datetime) -> Node:
    then = now - timedelta(hours=2)
    return Node(
        id=node_id,
        user_id=owner,
        name=name,
        created_at=then,
        claimed_at=then,
        link_changed_at=then,
        last_seen_at=then,
    )


def _rows(
    one: Old, owner: UUID, environment_id: UUID, node_id: UUID | None, now: datetime
) -> list[Any]:
    at = now - one.ago
    thread = Thread(
        id=new_id(),
        user_id=owner,
        environment_id=environment_id,
        title=one.title,
        status=one.status,
        active_node_id=node_id,
        last_message_at=at,
        created_at=at,
        updated_at=at,
        timeline_seq=len(one.says),
    )
    items = [
        TimelineItem(
            thread_id=thread.id,
            position=n,
            seq=n,
            kind="agent_message",
            text=text,
            created_at=at,
            updated_at=at,
        )
        for n, text in enumerate(one.says, 1)
    ]
    marks = []
    if one.is_read or one.is_pinned:
        read_at = now if one.is_read else at
        marks = [
            ThreadMark(user_id=owner, thread_id=thread.id, read_at=read_at, is_pinned=one.is_pinned)
        ]
    if not one.run:
        return [thread, *items, *marks]
    message = Message(thread_id=thread.id, text="make", status="sent", created_at=at)
    is_over = one.run in {"completed", "failed", "stopped", "lost"}
    run = Run(
        id=new_id(),
        thread_id=thread.id,
        message_id=message.id,
        node_id=node_id,
        command_id=new_id(),
        status=one.run,
        exit_code=one.exit_code,
        files=[
            {
                "path": "a.py",
                "status": "modified",
                "old_path": "",
                "additions": one.lines[0],
                "deletions": one.lines[1],
            }
        ],
        created_at=at,
        started_at=at,
        ended_at=at if is_over else None,
    )
    thread.last_run_id = run.id
    return [thread, message, run, *items, *marks]
