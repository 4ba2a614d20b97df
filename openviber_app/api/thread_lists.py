"""The route that lists threads: by pages, by the sidebar's sections, by words."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.thread_payloads import (
    CountsBody,
    FoundBody,
    ThreadList,
    ThreadRow,
)
from openviber_app.domain.errors import InvalidInputError, Problem
from openviber_app.domain.found_words import terms_of
from openviber_app.domain.statuses import ThreadStatus
from openviber_app.services import thread_lists, threads
from openviber_app.services.thread_lists import Found
from openviber_app.store.thread_search import MAX_PLACE, WordQuery
from openviber_app.store.thread_sections import Section, SectionQuery
from openviber_app.store.threads import ThreadQuery

DEFAULT_PAGE = 30
MAX_PAGE = 200
MAX_OFFSET = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

router = APIRouter(prefix="/api/threads", tags=["threads"])


def cursor_of(last: tuple[datetime, UUID] | None) -> str | None:
    """Return a place in the list as an opaque word for a query string."""
    if last is None:
        return None
    text = f"{(last[0] - EPOCH) // MICROSECOND}.{last[1].hex}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _no_cursor() -> Problem:
    return Problem("#query/before", "this is not a cursor of the list; take `next`")


def place_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the place that a cursor stands for.

    Raises:
        InvalidInputError: it is none of ours.
    """
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        moment, _, thread_id = raw.decode("ascii").partition(".")
        return EPOCH + int(moment) * MICROSECOND, UUID(hex=thread_id)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise InvalidInputError([_no_cursor()]) from error


def found_place_of(cursor: str | None) -> int | None:
    """Return the place in a search's answers that a cursor stands for.

    Raises:
        InvalidInputError: it is none of ours.
    """
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= MAX_PLACE):
        raise InvalidInputError([_no_cursor()])
    return int(cursor)


@router.get("")
async def get_list(  # noqa: PLR0913 - the parts of the query string
    runtime: CurrentRuntime,
    actor: CurrentActor,
    *,
    environment_id: Annotated[UUID | None, Query(alias="environmentId")] = None,
    status: Annotated[ThreadStatus | None, Query()] = None,
    section: Annotated[Section | None, Query()] = None,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    search: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    utc_offset: Annotated[int, Query(alias="utcOffset", ge=-1080, le=1080)] = 0,
) -> ThreadList:
    """List threads, newest activity first; `utcOffset` (minutes) decides what `today` is.

    With `search`: the threads that have a title, message or answer in which every word begins
    some word. With `section`: the rows of that part of the list from `offset` on, and how many
    there are under each heading.
    """
    if (section is not None or offset) and (status or search.strip() or before):
        problem = Problem("#query/section", "a section has no status, search or before")
        raise InvalidInputError([problem])
    statuses = (status,) if status else tuple(ThreadStatus)
    if section is not None or offset:
        part = SectionQuery(
            actor.user_id, environment_id, section or Section.RECENT, offset=offset, limit=limit
        )
        rows = await thread_lists.list_section(runtime, part, utc_offset_minutes=utc_offset)
        return ThreadList.model_construct(
            threads=[ThreadRow.model_validate(view, by_name=True) for view in rows.threads],
            next=None,
            counts=CountsBody.model_validate(rows.counts, by_name=True),
        )
    if search.strip():
        words = WordQuery(
            actor.user_id, terms_of(search), environment_id, statuses, found_place_of(before)
        )
        answer = await thread_lists.find_threads(
            runtime, words, limit=limit, utc_offset_minutes=utc_offset
        )
        return ThreadList.model_construct(
            threads=[_found_row(found) for found in answer.found],
            next=None if answer.next is None else str(answer.next),
            counts=None,
        )
    query = ThreadQuery(
        user_id=actor.user_id,
        environment_id=environment_id,
        statuses=statuses,
        before=place_of(before),
        limit=limit,
    )
    page = await threads.list_threads(runtime, query, utc_offset_minutes=utc_offset)
    return ThreadList.model_construct(
        threads=[ThreadRow.model_validate(view, by_name=True) for view in page.threads],
        next=cursor_of(page.last),
        counts=None,
    )


def _found_row(found: Found) -> ThreadRow:
    row = ThreadRow.model_validate(found.thread, by_name=True)
    return row.model_copy(update={"found": FoundBody.model_validate(found, by_name=True)})
