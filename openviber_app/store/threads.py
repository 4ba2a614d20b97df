"""Threads with their messages: pages of a list, lookups scoped by who may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.statuses import MessageStatus, ThreadStatus
from openviber_app.store import scopes
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Message, Node, Run, Thread


@dataclass(frozen=True, slots=True)
class ThreadQuery:
    """Which threads, from where on. `before` is the last row of the page before."""

    user_id: UUID
    environment_id: UUID | None = None
    statuses: tuple[ThreadStatus, ...] = tuple(ThreadStatus)
    before: tuple[datetime, UUID] | None = None
    limit: int = 50


def page_statement(query: ThreadQuery, status: ThreadStatus) -> sa.Select[UUID]:
    """Return the ids of the newest threads of one status, read from an index alone.

    In one environment that is a walk without sorting; over all of them the newest are kept.
    """
    statement = (
        sa.select(col(Thread.id))
        .where(
            scopes.is_seen(col(Thread.environment_id), query.user_id), col(Thread.status) == status
        )
        .order_by(col(Thread.last_message_at).desc(), col(Thread.id).desc())
        .limit(query.limit + 1)
    )
    if query.environment_id is not None:
        statement = statement.where(col(Thread.environment_id) == query.environment_id)
    if query.before is not None:
        # both types must be said: a bare tuple would be compared as text in another format
        place = sa.tuple_(col(Thread.last_message_at), col(Thread.id))
        last = sa.tuple_(
            sa.bindparam(None, query.before[0], type_=Thread.__table__.c.last_message_at.type),  # pyright: ignore[reportAttributeAccessIssue]
            sa.bindparam(None, query.before[1], type_=sa.Uuid()),
        )
        statement = statement.where(place < last)
    return statement


async def list_threads(db: AsyncSession, query: ThreadQuery) -> tuple[list[Thread], bool]:
    """Return a page, newest activity first, and whether there are more.

    One short query a status, merged here: asked for several at once, the database would sort
    all of them.
    """
    ids: list[UUID] = []
    for status in query.statuses:
        ids += (await db.execute(page_statement(query, status))).scalars().all()
    found = await list_by_ids(db, ids)
    return found[: query.limit], len(found) > query.limit


async def find_thread(
    db: AsyncSession, *, thread_id: UUID, user_id: UUID | None = None, lock: bool = False
) -> Thread | None:
    """Return a thread; with `user_id`, only if that person may see its environment.

    `lock` holds its row until the commit: what is decided about it stays true (SQLite has one
    writer anyway).
    """
    query = select(Thread).where(Thread.id == thread_id)
    if user_id is not None:
        query = query.where(scopes.is_seen(col(Thread.environment_id), user_id))
    if lock:
        query = query.with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def list_by_ids(db: AsyncSession, thread_ids: Collection[UUID]) -> list[Thread]:
    """Return threads, the ones with the newest activity first."""
    query = (
        select(Thread)
        .where(col(Thread.id).in_(thread_ids))
        .order_by(col(Thread.last_message_at).desc(), col(Thread.id).desc())
    )
    return list((await db.execute(query)).scalars())


async def list_waiting_threads(db: AsyncSession, *, environment_id: UUID) -> Sequence[Thread]:
    """Return the environment's active threads with a queued message, the longest wait first."""
    query = (
        select(Thread)
        .join(Message, col(Message.thread_id) == col(Thread.id))
        .where(
            Thread.environment_id == environment_id,
            Thread.status == ThreadStatus.ACTIVE,
            Message.status == MessageStatus.QUEUED,
        )
        .group_by(col(Thread.id))
        .order_by(sa.func.min(Message.id))
    )
    return (await db.execute(query)).scalars().all()


async def list_last_runs(db: AsyncSession, threads: Collection[Thread]) -> dict[UUID, Run]:
    """Return each thread's last run, by the thread's id."""
    run_ids = [thread.last_run_id for thread in threads if thread.last_run_id]
    query = select(Run).where(col(Run.id).in_(run_ids))
    return {run.thread_id: run for run in (await db.execute(query)).scalars()}


async def list_messages(
    db: AsyncSession, *, thread_id: UUID, before: UUID | None, limit: int
) -> tuple[list[Message], bool]:
    """Return a thread's last messages in order, and whether there are older ones."""
    query = (
        select(Message)
        .where(Message.thread_id == thread_id)
        .order_by(col(Message.id).desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(col(Message.id) < before)
    found = (await db.execute(query)).scalars().all()
    return list(found[:limit])[::-1], len(found) > limit


async def list_senders(
    db: AsyncSession, *, message_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, str | None]]:
    """Return who sent these messages, as far as it is known; who left has no name."""
    query = (
        sa.select(col(Message.id), col(Message.sent_by), col(User.name))
        .outerjoin(User, col(User.id) == col(Message.sent_by))
        .where(col(Message.id).in_(message_ids))
    )
    found: dict[UUID, tuple[UUID, str | None]] = {}
    for row in await db.execute(query):
        if (sender := row[1]) is not None:
            found[row[0]] = (sender, row[2])
    return found


async def find_message_by_key(
    db: AsyncSession, *, thread_id: UUID, idempotency_key: str
) -> Message | None:
    """Return the message that was sent with this key."""
    query = select(Message).where(
        Message.thread_id == thread_id, Message.idempotency_key == idempotency_key
    )
    return (await db.execute(query)).scalar_one_or_none()


async def find_next_message(db: AsyncSession, *, thread_id: UUID) -> Message | None:
    """Return the queued message whose turn is next."""
    query = (
        select(Message)
        .where(Message.thread_id == thread_id, Message.status == MessageStatus.QUEUED)
        .order_by(col(Message.id))
        .limit(1)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def count_queued_of(db: AsyncSession, *, thread_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many messages wait for their turn, by thread; threads without any are left out."""
    query = (
        select(Message.thread_id, sa.func.count())
        .where(col(Message.thread_id).in_(thread_ids), Message.status == MessageStatus.QUEUED)
        .group_by(col(Message.thread_id))
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def list_nodes_of(db: AsyncSession, *, node_ids: Collection[UUID]) -> dict[UUID, Node]:
    """Return nodes by id."""
    query = select(Node).where(col(Node.id).in_(node_ids))
    return {node.id: node for node in (await db.execute(query)).scalars()}
