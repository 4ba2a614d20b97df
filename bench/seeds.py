"""Much of everything, put into a board's database past its API."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import SQLModel, select

from bench.stack import Stack
from openviber_app.domain.ids import new_id
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Message, Run, Thread, TimelineItem

TURN = ("user_message", "thought", "terminal", "agent_message")
WORDS = (
    "parser",
    "cache",
    "retry",
    "login",
    "totals",
    "webhook",
    "migration",
    "index",
    "upload",
    "timeout",
)
AT_ONCE = 500


def seed_turns(stack: Stack, thread_id: str, *, items: int) -> str:
    """Fill a thread with turns of four items; return the last one's words."""
    turns = items // len(TURN)
    rows = [row for number in range(turns) for row in _turn(UUID(thread_id), number)]
    asyncio.run(_add(stack, rows, thread_id=UUID(thread_id), seq=turns * (len(TURN) + 1)))
    return _said(turns - 1)


def _said(number: int) -> str:
    return f"Turn {number} is done: the {WORDS[number % len(WORDS)]} holds."


def _turn(thread_id: UUID, number: int) -> Iterator[SQLModel]:
    now = datetime.now(UTC) - timedelta(days=1) + timedelta(seconds=number)
    message_id, run_id = new_id(), new_id()
    asked = f"Look at the {WORDS[number % len(WORDS)]} once more, for the {number}th time"
    yield Message(
        id=message_id, thread_id=thread_id, text=asked, status="sent", run_id=run_id, created_at=now
    )
    place = number * (len(TURN) + 1)
    yield Run(
        id=run_id,
        thread_id=thread_id,
        message_id=message_id,
        command_id=new_id(),
        status="completed",
        exit_code=0,
        duration_ms=4200,
        log_complete=True,
        seq=place + len(TURN) + 1,
        created_at=now,
        started_at=now,
        ended_at=now,
    )
    for at, kind in enumerate(TURN):
        yield TimelineItem(
            id=new_id(),
            thread_id=thread_id,
            run_id=None if kind == "user_message" else run_id,
            source_id=str(message_id) if kind == "user_message" else f"{number}.{at}",
            position=number * len(TURN) + at + 1,
            seq=place + at + 1,
            kind=kind,
            text=asked if at == 0 else _said(number),
            fields={"messageId": str(message_id)} if at == 0 else {},
            created_at=now,
            updated_at=now,
        )


def seed_threads(stack: Stack, environment_id: str, *, count: int) -> None:
    """Give an environment so many threads, each with a title, a message and what was answered."""
    asyncio.run(_add_threads(stack, UUID(environment_id), count))


async def _add_threads(stack: Stack, environment_id: UUID, count: int) -> None:
    store = _open(stack)
    async with store.read() as db:
        user_id = (await db.execute(select(User.id))).scalars().one()
    start = datetime.now(UTC) - timedelta(days=200)
    rows: list[SQLModel] = []
    for number in range(count):
        then = start + timedelta(minutes=20 * number)
        thread_id = new_id()
        title = f"{WORDS[number % 10].title()} of part {number}: {WORDS[number // 10 % 10]} first"
        rows.append(
            Thread(
                id=thread_id,
                user_id=user_id,
                environment_id=environment_id,
                title=title,
                timeline_seq=2,
                last_message_at=then,
                created_at=then,
                updated_at=then,
            )
        )
        for at, kind in enumerate(("user_message", "agent_message"), 1):
            rows.append(
                TimelineItem(
                    id=new_id(),
                    thread_id=thread_id,
                    position=at,
                    seq=at,
                    kind=kind,
                    text=f"{_said(number)} Number {number} needs the {WORDS[number % 7]} too.",
                    created_at=then,
                    updated_at=then,
                )
            )
    await store.close()
    await _add(stack, rows)


async def _add(
    stack: Stack, rows: list[SQLModel], *, thread_id: UUID | None = None, seq: int = 0
) -> None:
    """Add rows in small transactions: the board writes too."""
    store = _open(stack)
    for start in range(0, len(rows), AT_ONCE):
        async with store.write() as db:
            db.add_all(rows[start : start + AT_ONCE])
    if thread_id is not None:
        async with store.write() as db:
            (await db.get_one(Thread, thread_id)).timeline_seq = seq
    await store.close()


def _open(stack: Stack) -> Store:
    return Store(sqlite_url(stack.board.data / "board.sqlite3"))
