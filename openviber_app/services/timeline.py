"""What happened in a thread, in the board's own order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance, ItemRecord
from openviber_app.store import timeline
from openviber_app.store.tables import Run, TimelineItem

MAX_ITEM_TEXT = 1024 * 1024
"""Characters of text one item may hold; what comes after is dropped and a notice says so."""

LIMIT_SUFFIX = ":limit"
"""Ends the `source_id` of that notice."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a new entry holds. `source_id` is the name its run's node gave it."""

    kind: str
    text: str = ""
    status: str = "completed"
    run_id: UUID | None = None
    source_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def topic_of(thread_id: UUID) -> str:
    """Return the name under which the bus and viewers know a thread's timeline."""
    return f"timeline:{thread_id}"


def _make(thread_id: UUID, *, item: NewItem, seq: int, now: datetime) -> TimelineItem:
    # the number of its first change is greater than every place taken before: it is its place
    return TimelineItem(
        id=new_id(),
        thread_id=thread_id,
        run_id=item.run_id,
        source_id=item.source_id,
        position=seq,
        seq=seq,
        kind=item.kind,
        status=item.status,
        text=item.text,
        fields=dict(item.fields),
        created_at=now,
        updated_at=now,
    )


async def add_items(
    db: AsyncSession, *, thread_id: UUID, items: Sequence[NewItem], now: datetime
) -> list[TimelineItem]:
    """Put entries at the end of a thread."""
    seqs = await timeline.take_seqs(db, thread_id=thread_id, count=len(items))
    rows = [
        _make(thread_id, item=item, seq=seq, now=now) for item, seq in zip(items, seqs, strict=True)
    ]
    db.add_all(rows)
    return rows


async def changed(db: AsyncSession, *rows: Run | TimelineItem) -> Advance:
    """Number a change of rows of one thread, so that viewers get them again."""
    thread_id = rows[0].thread_id
    seqs = await timeline.take_seqs(db, thread_id=thread_id, count=len(rows))
    for row, seq in zip(rows, seqs, strict=True):
        row.seq = seq
    return Advance(topic_of(thread_id), seqs[-1])


def _grow(item: TimelineItem, text: str) -> bool:
    """Add text to an item; False when some of it found no room."""
    room = max(0, MAX_ITEM_TEXT - len(item.text))
    if text and room:
        item.text += text[:room]
    return len(text) <= room


def _apply(item: TimelineItem, record: ItemRecord) -> bool:
    """Carry out one record on an item; False when some text found no room."""
    if record.kind is not None:
        item.kind = record.kind
    if record.status is not None:
        item.status = record.status
    if record.fields:
        item.fields = {**item.fields, **record.fields}  # a new dict: JSON is compared by identity
    if record.op == "upsert" and record.text:
        item.text = ""
    return _grow(item, record.text)


async def apply_records(
    db: AsyncSession, *, run: Run, records: Sequence[ItemRecord], now: datetime
) -> Advance:
    """Upsert and append what a run's node told, in its order.

    An item that several records of one call touch counts as changed once.
    """
    names = {record.id for record in records}
    found = await timeline.list_by_source(
        db, run_id=run.id, source_ids=names | {name + LIMIT_SUFFIX for name in names}
    )
    known = {item.source_id: item for item in found}
    fresh: list[TimelineItem] = []
    touched: dict[str, TimelineItem] = {}

    def item_of(source_id: str, *, text: str, status: str) -> TimelineItem:
        if source_id not in known:
            new = NewItem("notice", text, status, run_id=run.id, source_id=source_id)
            known[source_id] = _make(run.thread_id, item=new, seq=0, now=now)
            fresh.append(known[source_id])
        return known[source_id]

    for record in records:
        item = item_of(record.id, text="", status="running")
        fits = _apply(item, record)
        item.updated_at = now
        touched[record.id] = item
        limit_id = record.id + LIMIT_SUFFIX
        if not fits and limit_id not in known:
            said = f"the text above was cut at {MAX_ITEM_TEXT} characters"
            touched[limit_id] = item_of(limit_id, text=said, status="completed")
    advance = await changed(db, *touched.values())
    for item in fresh:
        item.position = item.seq
    db.add_all(fresh)
    return advance


async def finish_items(db: AsyncSession, *, run: Run, succeeded: bool, now: datetime) -> None:
    """Close a run's entries that its node left open."""
    items = await timeline.list_unfinished(db, run_id=run.id)
    for item in items:
        item.status = "completed" if succeeded else "failed"
        item.updated_at = now
    if items:
        await changed(db, *items)
