"""Lists of threads as the sidebar asks for them: by section, and by words."""

from dataclasses import dataclass

from openviber_app.domain.found_words import pieces_of, snippet_of
from openviber_app.domain.grouping import starts_of
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_views import ThreadView, view_page
from openviber_app.store import thread_search, thread_sections, threads
from openviber_app.store.thread_search import Hit, WordQuery
from openviber_app.store.thread_sections import SectionCounts, SectionQuery

MAX_LOOKS = 6
"""Batches of texts that one answer goes through; a word of everywhere ends a page early."""


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Rows of a section, with how many there are under every heading at the same moment."""

    threads: list[ThreadView]
    counts: SectionCounts


@dataclass(frozen=True, slots=True)
class Found:
    """A thread with the words for which it was found; every second piece is a match."""

    thread: ThreadView
    title: tuple[str, ...]
    snippet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Threads by their newest match, and where the next page goes on."""

    found: list[Found]
    next: int | None


async def list_section(
    runtime: Runtime, query: SectionQuery, *, utc_offset_minutes: int = 0
) -> SectionPage:
    """Return rows of one section."""
    now = runtime.clock.now()
    today, week = starts_of(now, utc_offset_minutes=utc_offset_minutes)
    async with runtime.store.read() as db:
        rows = await thread_sections.list_section(db, query)
        counts = await thread_sections.count_sections(
            db,
            user_id=query.user_id,
            environment_id=query.environment_id,
            today=today,
            week=week,
        )
        views = await view_page(
            db, rows, viewer=query.user_id, now=now, utc_offset_minutes=utc_offset_minutes
        )
    return SectionPage(views, counts)


async def find_threads(
    runtime: Runtime, query: WordQuery, *, limit: int, utc_offset_minutes: int = 0
) -> FoundPage:
    """Return threads of which one text has all the terms, newest match first.

    A thread can come again on a later page, for an older text.
    """
    if not query.terms:
        return FoundPage([], None)
    async with runtime.store.read() as db:
        best: dict[object, Hit] = {}
        before, is_over = query.before, False
        for _ in range(MAX_LOOKS):
            hits = await thread_search.list_hits(db, _from(query, before))
            for hit in hits:
                if hit.thread_id not in best and len(best) == limit:
                    break
                before = hit.place
                if hit.thread_id not in best or best[hit.thread_id].is_title:
                    best[hit.thread_id] = hit  # the text says more than the title beside it
            else:
                is_over = len(hits) < query.limit
                if not is_over:
                    continue
            break
        texts = await thread_search.list_texts(
            db, [hit.place for hit in best.values() if not hit.is_title]
        )
        rows = await threads.list_by_ids(db, [hit.thread_id for hit in best.values()])
        views = await view_page(
            db,
            rows,
            viewer=query.user_id,
            now=runtime.clock.now(),
            utc_offset_minutes=utc_offset_minutes,
        )
    found = [
        Found(
            view,
            pieces_of(view.title, query.terms),
            snippet_of(texts.get(best[view.id].place, ""), query.terms),
        )
        for view in views
    ]
    return FoundPage(found, None if is_over else before)


def _from(query: WordQuery, before: int | None) -> WordQuery:
    return WordQuery(
        query.user_id, query.terms, query.environment_id, query.statuses, before, query.limit
    )
