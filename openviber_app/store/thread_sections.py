"""The sidebar's sections of threads: counted, and read from any place in them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.domain.statuses import ThreadStatus
from openviber_app.store import scopes
from openviber_app.store.mark_tables import ThreadMark
from openviber_app.store.tables import Thread

OPEN = (ThreadStatus.ACTIVE, ThreadStatus.PAUSED)


class Section(StrEnum):
    """A part of the list; every thread is in one."""

    PINNED = "pinned"
    RECENT = "recent"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class SectionQuery:
    """Rows of one section, newest activity first, from `offset` on."""

    user_id: UUID
    environment_id: UUID | None
    section: Section
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """How many threads stand under each heading."""

    pinned: int = 0
    today: int = 0
    last_7_days: int = 0
    older: int = 0
    archived: int = 0


def _pinned(user_id: UUID) -> sa.Select[UUID]:
    return sa.select(col(ThreadMark.thread_id)).where(
        col(ThreadMark.user_id) == user_id, col(ThreadMark.is_pinned).is_(True)
    )


def _seen(user_id: UUID, environment_id: UUID | None) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [scopes.is_seen(col(Thread.environment_id), user_id)]
    if environment_id is not None:
        found.append(col(Thread.environment_id) == environment_id)
    return found


def ids_statement(query: SectionQuery) -> sa.CompoundSelect[UUID, datetime]:
    """Return the ids of a page: an index walk for each status, merged, so nothing is sorted."""
    is_pinned = col(Thread.id).in_(_pinned(query.user_id))
    narrow = {
        Section.PINNED: [is_pinned],
        Section.RECENT: [sa.not_(is_pinned)],
        Section.ARCHIVED: [],
    }[query.section]
    statuses = (ThreadStatus.ARCHIVED,) if query.section is Section.ARCHIVED else OPEN
    walks = [
        sa.select(col(Thread.id).label("id"), col(Thread.last_message_at).label("at")).where(
            *_seen(query.user_id, query.environment_id), col(Thread.status) == status, *narrow
        )
        for status in statuses
    ]
    return (
        sa.union_all(*walks)
        .order_by(sa.text("at DESC"), sa.text("id DESC"))
        .limit(query.limit)
        .offset(query.offset)
    )


async def list_section(db: AsyncSession, query: SectionQuery) -> list[Thread]:
    """Return a page of a section."""
    ids = [row[0] for row in await db.execute(ids_statement(query))]
    rows = (await db.execute(select(Thread).where(col(Thread.id).in_(ids)))).scalars()
    found = {row.id: row for row in rows}
    return [found[thread_id] for thread_id in ids]


async def count_sections(
    db: AsyncSession,
    *,
    user_id: UUID,
    environment_id: UUID | None,
    today: datetime,
    week: datetime,
) -> SectionCounts:
    """Count threads by heading; `today` and `week` are when those begin."""
    at = col(Thread.last_message_at)
    heading = sa.case(
        (col(Thread.status) == ThreadStatus.ARCHIVED, "archived"),
        (col(Thread.id).in_(_pinned(user_id)), "pinned"),
        (at >= today, "today"),
        (at >= week, "last_7_days"),
        else_="older",
    )
    query = (
        sa.select(heading, sa.func.count()).where(*_seen(user_id, environment_id)).group_by(heading)
    )
    return SectionCounts(**{row[0]: row[1] for row in await db.execute(query)})
