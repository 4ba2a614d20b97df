"""Threads found by the words of their titles and timelines, newest words first.

On SQLite an FTS5 index that triggers keep (see the migration that makes it) answers; elsewhere
the texts themselves are looked through.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from openviber_app.domain.statuses import ThreadStatus
from openviber_app.store import scopes
from openviber_app.store.tables import Thread, TimelineItem

OURS = "\N{RUNIC LETTER FEHU FEOH FE F}"
"""Begins the tokens of environments in the index: no prefix of a word finds one."""

MAX_PLACE = 2**62

_HITS = sa.text(
    """
    SELECT entry.id, entry.thread_id, entry.item_id
    FROM search_words CROSS JOIN search_entries AS entry ON entry.id = search_words.rowid
    JOIN threads ON threads.id = entry.thread_id
    WHERE search_words MATCH :match AND search_words.rowid < :before
      AND threads.status IN :statuses
    ORDER BY search_words.rowid DESC LIMIT :limit
    """
).bindparams(sa.bindparam("statuses", expanding=True))

_TEXTS = sa.text("SELECT id, words FROM search_entries WHERE id IN :ids").bindparams(
    sa.bindparam("ids", expanding=True)
)


@dataclass(frozen=True, slots=True)
class WordQuery:
    """Terms that must all begin words of one text. `before` is a place in the answers."""

    user_id: UUID
    terms: tuple[str, ...]
    environment_id: UUID | None = None
    statuses: tuple[ThreadStatus, ...] = tuple(ThreadStatus)
    before: int | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that has the terms. Newer texts have greater places."""

    place: int
    thread_id: UUID
    is_title: bool


def match_expression(query: WordQuery, places: Sequence[UUID]) -> str:
    """Return the terms in FTS5's language; quoted, so that none of their letters is syntax.

    `places` are the environments that may be looked into, at least one.
    """
    words = " AND ".join('"' + term.replace('"', '""') + '"*' for term in query.terms)
    within = " OR ".join(f'"{OURS}{place.hex}"' for place in places)
    return f"place:({within}) AND words:({words})"


async def list_hits(db: AsyncSession, query: WordQuery) -> Sequence[Hit]:
    """Return texts with all terms, newest first."""
    if db.get_bind().dialect.name != "sqlite":
        return await _look_through(db, query)
    seen = await scopes.list_seen(db, user_id=query.user_id)
    places = [place for place in seen if query.environment_id in (None, place)]
    if not places:
        return []
    found = await db.execute(
        _HITS,
        {
            "match": match_expression(query, places),
            "before": MAX_PLACE if query.before is None else query.before,
            "statuses": [str(status) for status in query.statuses],
            "limit": query.limit,
        },
    )
    return [Hit(place, UUID(thread), item == thread) for place, thread, item in found]


async def list_texts(db: AsyncSession, places: Collection[int]) -> dict[int, str]:
    """Return the beginnings of the texts at these places."""
    if db.get_bind().dialect.name != "sqlite":
        micros = _micros(col(TimelineItem.updated_at))
        query = sa.select(micros, sa.func.substr(col(TimelineItem.text), 1, 16384))
        return {row[0]: row[1] for row in await db.execute(query.where(micros.in_(places)))}
    return {row[0]: row[1] for row in await db.execute(_TEXTS, {"ids": list(places)})}


def _micros(moment: Mapped[datetime]) -> sa.ColumnElement[int]:
    return sa.cast(sa.extract("epoch", moment) * 1_000_000, sa.BigInteger)


def look_through_statement(query: WordQuery) -> sa.Select[int, UUID, bool]:
    """Return the search of a database without our index: places are times in microseconds."""
    walks = []
    for text, moment, is_title in (
        (col(Thread.title), col(Thread.updated_at), True),
        (col(TimelineItem.text), col(TimelineItem.updated_at), False),
    ):
        walk = sa.select(
            _micros(moment).label("place"),
            col(Thread.id).label("thread_id"),
            sa.literal(is_title).label("is_title"),
        ).where(
            scopes.is_seen(col(Thread.environment_id), query.user_id),
            col(Thread.status).in_(query.statuses),
            *(text.icontains(term, autoescape=True) for term in query.terms),
        )
        if not is_title:
            walk = walk.join(TimelineItem, col(TimelineItem.thread_id) == col(Thread.id))
        if query.environment_id is not None:
            walk = walk.where(col(Thread.environment_id) == query.environment_id)
        walks.append(walk)
    hits = sa.union_all(*walks).subquery()
    statement = sa.select(hits.c.place, hits.c.thread_id, hits.c.is_title)
    if query.before is not None:
        statement = statement.where(hits.c.place < query.before)
    return statement.order_by(hits.c.place.desc()).limit(query.limit)


async def _look_through(db: AsyncSession, query: WordQuery) -> Sequence[Hit]:
    return [Hit(*row) for row in await db.execute(look_through_statement(query))]
