"""Threads to look at on a real board: a ready environment, a long history."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from openviber_app.domain.ids import new_id
from openviber_app.services.timeline import NewItem, add_items
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.tables import Message, Run, Thread, TimelineItem
from tests.support.ready import own_node
from tests.support.rest import Rest

SUGGESTIONS = [
    {"label": "Run the tests", "text": "echo 3 passed"},
    {"label": "List the files", "text": "ls -la"},
]
SETUP = (
    "git init -q . && echo 'x = 1' > app.py && git add -A"
    " && git -c user.name=Ada -c user.email=ada@example.org commit -qm start"
)


def suggesting_environment(rest: Rest, name: str = "checkout-api") -> dict[str, Any]:
    """Make an environment with a commit and suggestions, ready on the board's own node."""
    made = rest.environment(
        name, setupMode="manual", setupScript=SETUP, metadata={"suggestions": SUGGESTIONS}
    )
    prepare = rest.prepared(rest.map(made, own_node(rest)["id"])["id"])
    assert prepare["status"] == "succeeded", prepare
    return made


def _rows(thread_id: UUID, count: int) -> list[Message | Run | TimelineItem]:
    """Return messages with their runs: `count` entries, numbered in their order."""
    start = datetime.now(UTC) - timedelta(days=2)
    rows: list[Message | Run | TimelineItem] = []
    for n in range(1, count, 2):
        at = start + timedelta(seconds=n)
        message_id, run_id = new_id(), new_id()
        text = f"echo entry {n}" + "\necho more" * (n % 5)
        rows += [
            Message(
                id=message_id,
                thread_id=thread_id,
                text=text,
                status="sent",
                run_id=run_id,
                created_at=at,
            ),
            Run(
                id=run_id,
                thread_id=thread_id,
                message_id=message_id,
                command_id=new_id(),
                status="completed",
                exit_code=0,
                duration_ms=n,
                log_bytes=0,
                log_lines=0,
                log_complete=True,
                seq=n,
                created_at=at,
                started_at=at,
                ended_at=at,
            ),
            TimelineItem(
                id=message_id,
                thread_id=thread_id,
                run_id=run_id,
                position=n,
                seq=n,
                kind="user_message",
                text=text,
                fields={"messageId": str(message_id)},
                created_at=at,
                updated_at=at,
            ),
            TimelineItem(
                id=new_id(),
                thread_id=thread_id,
                run_id=run_id,
                source_id="terminal-1",
                position=n + 1,
                seq=n + 1,
                kind="terminal",
                text=text,
                fields={"exit_code": 0, "duration_ms": n},
                created_at=at,
                updated_at=at,
            ),
        ]
    return rows


def fill_thread(data: Path, thread: dict[str, Any], count: int) -> None:
    """Store a history of `count` entries in an empty thread, beside the running board."""

    async def fill() -> None:
        store = Store(sqlite_url(data / "board.sqlite3"))
        try:
            async with store.write() as db:
                thread_id = UUID(thread["id"])
                rows = _rows(thread_id, count)
                for kind in (Message, Run, TimelineItem):
                    db.add_all(row for row in rows if isinstance(row, kind))
                    await db.flush()
                row = await db.get_one(Thread, thread_id)
                row.timeline_seq = count
                row.title = "A long history"
        finally:
            await store.close()

    _beside(fill())


def add_entry(data: Path, run: dict[str, Any], *, kind: str, text: str, **fields: Any) -> None:
    """Store one more entry of a run that is over: what no executor of these tests would say."""

    async def add() -> None:
        store = Store(sqlite_url(data / "board.sqlite3"))
        item = NewItem(kind, text, run_id=UUID(run["id"]), fields=fields)
        try:
            async with store.write() as db:
                await add_items(
                    db, thread_id=UUID(run["threadId"]), items=[item], now=datetime.now(UTC)
                )
        finally:
            await store.close()

    _beside(add())


def _beside(work: Coroutine[Any, Any, None]) -> None:
    # a page's test runs inside the browser driver's own loop
    with ThreadPoolExecutor(1) as other:
        other.submit(asyncio.run, work).result()
