"""The routes of threads."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from openviber_app.api.auth import CurrentActor, CurrentRuntime, Runner
from openviber_app.api.thread_payloads import (
    MessageBody,
    MessageCreate,
    MessageList,
    Stopped,
    ThreadBody,
    ThreadChanges,
    ThreadCreate,
    ThreadPatch,
)
from openviber_app.api.timeline_payloads import RunBody, Timeline
from openviber_app.domain.errors import InvalidInputError, Problem
from openviber_app.services import (
    messages,
    run_control,
    thread_changes,
    threads,
    timeline_pages,
)

MAX_PAGE = 200

router = APIRouter(prefix="/api/threads", tags=["threads"])

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Number = Annotated[int | None, Query(ge=0, le=2**53)]
UtcOffset = Annotated[int, Query(alias="utcOffset", ge=-1080, le=1080)]


@router.post("", status_code=201)
async def create(
    body: ThreadCreate,
    runtime: CurrentRuntime,
    actor: Runner,
    *,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> ThreadBody:
    """Start a thread. With an `Idempotency-Key`, asking again gives the thread that was made."""
    view = await threads.create_thread(
        runtime,
        actor,
        environment_id=body.environment_id,
        title=body.title,
        node_id=body.node_id,
        idempotency_key=idempotency_key,
    )
    return ThreadBody.model_validate(view, by_name=True)


@router.get("/{thread_id}")
async def get(
    thread_id: UUID, runtime: CurrentRuntime, actor: CurrentActor, utc_offset: UtcOffset = 0
) -> ThreadBody:
    """Return a thread."""
    view = await threads.get_thread(
        runtime, actor, thread_id=thread_id, utc_offset_minutes=utc_offset
    )
    return ThreadBody.model_validate(view, by_name=True)


@router.patch("/{thread_id}")
async def patch(
    thread_id: UUID, body: ThreadPatch, runtime: CurrentRuntime, actor: Runner
) -> ThreadBody:
    """Rename, pause, resume, archive, restore, move or pin a thread, or mark it as unread."""
    change = threads.ThreadChange(
        title=body.title,
        status=body.status,
        node_id=body.node_id,
        is_pinned=body.is_pinned,
        is_unread=body.is_unread,
    )
    view = await threads.change_thread(runtime, actor, thread_id=thread_id, change=change)
    return ThreadBody.model_validate(view, by_name=True)


@router.post("/{thread_id}/messages", status_code=201)
async def post_message(
    thread_id: UUID,
    body: MessageCreate,
    runtime: CurrentRuntime,
    actor: Runner,
    response: Response,
    *,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> MessageBody:
    """Say something. With an `Idempotency-Key`, saying it again answers 200 and does nothing."""
    view, is_new = await messages.submit(
        runtime,
        actor,
        thread_id=thread_id,
        text=body.text,
        executor=body.executor,
        idempotency_key=idempotency_key,
    )
    if not is_new:
        response.status_code = 200
    return MessageBody.model_validate(view, by_name=True)


@router.get("/{thread_id}/messages")
async def get_messages(
    thread_id: UUID,
    runtime: CurrentRuntime,
    actor: CurrentActor,
    before: Annotated[UUID | None, Query()] = None,
    limit: Limit = 100,
) -> MessageList:
    """Return the thread's last messages, or the last before one."""
    found, more = await messages.list_messages(
        runtime, actor, thread_id=thread_id, before=before, limit=limit
    )
    return MessageList.model_construct(
        messages=[MessageBody.model_validate(view, by_name=True) for view in found], more=more
    )


@router.delete("/{thread_id}/messages/{message_id}")
async def withdraw_message(
    thread_id: UUID, message_id: UUID, runtime: CurrentRuntime, actor: Runner
) -> MessageBody:
    """Take a queued message back before its turn comes."""
    view = await messages.withdraw(runtime, actor, thread_id=thread_id, message_id=message_id)
    return MessageBody.model_validate(view, by_name=True)


@router.get("/{thread_id}/changes")
async def get_changes(
    thread_id: UUID, runtime: CurrentRuntime, actor: CurrentActor, limit: Limit = 50
) -> ThreadChanges:
    """Return the thread's last runs that changed files, newest first, and the files' sum."""
    page = await thread_changes.get_changes(runtime, actor, thread_id=thread_id, limit=limit)
    return ThreadChanges.model_validate(page, by_name=True)


@router.get("/{thread_id}/timeline")
async def get_timeline(
    thread_id: UUID,
    runtime: CurrentRuntime,
    actor: CurrentActor,
    *,
    after: Number = None,
    before: Number = None,
    limit: Limit = 50,
) -> Timeline:
    """Return the last entries; the last before a position; or what changed after a number."""
    if after is not None and before is not None:
        raise InvalidInputError([Problem("#query/before", "ask for `after` or `before`, not both")])
    if after is not None:
        page = await timeline_pages.get_changes(
            runtime, actor, thread_id=thread_id, after=after, limit=limit
        )
    else:
        page = await timeline_pages.get_page(
            runtime, actor, thread_id=thread_id, before=before, limit=limit
        )
    return Timeline.model_validate(page, by_name=True)


@router.post("/{thread_id}/stop", responses={202: {"description": "The node was asked."}})
async def stop(
    thread_id: UUID, runtime: CurrentRuntime, actor: Runner, response: Response
) -> Stopped:
    """Stop the thread's run; with messages queued, the thread is paused as well."""
    run = await run_control.stop_thread(runtime, actor, thread_id=thread_id)
    thread = await threads.get_thread(runtime, actor, thread_id=thread_id)
    response.status_code = _stop_code(run)
    return Stopped.model_construct(
        run=RunBody.model_validate(run, by_name=True) if run else None,
        thread=ThreadBody.model_validate(thread, by_name=True),
    )


def _stop_code(run: timeline_pages.RunView | None) -> Literal[200, 202]:
    return 202 if run is not None and run.ended_at is None else 200
