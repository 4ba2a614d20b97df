"""Timeline items: finding them by place and by change."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.tables import Run, Thread, TimelineItem

PAGE_TEXT = 512 * 1024
"""A page stops after this many characters of text, however few items that is."""


async def take_seqs(db: AsyncSession, *, thread_id: UUID, count: int) -> range:
    """Reserve the thread's next `count` change numbers; the row is locked until the commit."""
    last = (
        await db.execute(
            sa.update(Thread)
            .where(col(Thread.id) == thread_id)
            .values(timeline_seq=col(Thread.timeline_seq) + count)
            .returning(col(Thread.timeline_seq))
            .execution_options(synchronize_session=False)
        )
    ).scalar_one()
    return range(last - count + 1, last + 1)


async def get_seq(db: AsyncSession, *, thread_id: UUID) -> int:
    """Return the number of the thread's last change, 0 when there is none."""
    query = select(Thread.timeline_seq).where(Thread.id == thread_id)
    return (await db.execute(query)).scalar() or 0


async def list_by_source(
    db: AsyncSession, *, run_id: UUID, source_ids: Iterable[str]
) -> Sequence[TimelineItem]:
    """Return the items that a node named so in a run."""
    query = select(TimelineItem).where(
        TimelineItem.run_id == run_id, col(TimelineItem.source_id).in_(list(source_ids))
    )
    return (await db.execute(query)).scalars().all()


async def list_unfinished(db: AsyncSession, *, run_id: UUID) -> Sequence[TimelineItem]:
    """Return a run's items that still say pending or running."""
    query = (
        select(TimelineItem)
        .where(
            TimelineItem.run_id == run_id,
            col(TimelineItem.status).in_(["pending", "running"]),
        )
        .order_by(col(TimelineItem.position))
    )
    return (await db.execute(query)).scalars().all()


async def _full(
    db: AsyncSession, sizes: Sequence[sa.Row[UUID, int]]
) -> tuple[list[TimelineItem], bool]:
    """Load the first of the listed items, as many as fit a page; True when some did not."""
    chosen: list[UUID] = []
    total = 0
    for item_id, size in sizes:
        total += size
        if chosen and total > PAGE_TEXT:
            break
        chosen.append(item_id)
    query = select(TimelineItem).where(col(TimelineItem.id).in_(chosen))
    found = {item.id: item for item in (await db.execute(query)).scalars()}
    return [found[item_id] for item_id in chosen], len(chosen) < len(sizes)


async def list_before(
    db: AsyncSession, *, thread_id: UUID, before: int | None, limit: int
) -> tuple[list[TimelineItem], bool]:
    """Return the last items below a position, in order, and whether there are older ones."""
    query = (
        sa.select(col(TimelineItem.id), sa.func.length(col(TimelineItem.text)))
        .where(col(TimelineItem.thread_id) == thread_id)
        .order_by(col(TimelineItem.position).desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(col(TimelineItem.position) < before)
    sizes = (await db.execute(query)).all()
    items, cut = await _full(db, sizes[:limit])
    return items[::-1], cut or len(sizes) > limit


async def list_changed_items(
    db: AsyncSession, *, thread_id: UUID, after: int, limit: int
) -> tuple[list[TimelineItem], bool]:
    """Return items changed after a number, in the order of change, and whether there are more."""
    query = (
        sa.select(col(TimelineItem.id), sa.func.length(col(TimelineItem.text)))
        .where(col(TimelineItem.thread_id) == thread_id, col(TimelineItem.seq) > after)
        .order_by(col(TimelineItem.seq))
        .limit(limit + 1)
    )
    sizes = (await db.execute(query)).all()
    items, cut = await _full(db, sizes[:limit])
    return items, cut or len(sizes) > limit


async def list_changed_runs(
    db: AsyncSession, *, thread_id: UUID, after: int, limit: int
) -> tuple[Sequence[Run], bool]:
    """Return runs changed after a number, in the order of change, and whether there are more."""
    query = (
        select(Run)
        .where(Run.thread_id == thread_id, col(Run.seq) > after)
        .order_by(col(Run.seq))
        .limit(limit + 1)
    )
    runs = (await db.execute(query)).scalars().all()
    return runs[:limit], len(runs) > limit
