"""How a queued message becomes a run on a node."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.branches import branch_name
from openviber_app.domain.errors import ConflictError
from openviber_app.domain.ids import new_id
from openviber_app.domain.placement import Candidate, Placement, Wishes, place
from openviber_app.domain.reports import Advance
from openviber_app.domain.statuses import (
    BindingStatus,
    MessageStatus,
    RunStatus,
    ThreadStatus,
    advance,
)
from openviber_app.services import specs, timeline
from openviber_app.services.access import tell_watchers
from openviber_app.store import bindings, runs, threads
from openviber_app.store.commands import add_command
from openviber_app.store.tables import Binding, Environment, Message, Run, Thread, TimelineItem

MAX_COMMAND_BYTES = 160 * 1024
"""JSON of a run's command without its sealed secrets: a frame holds 256 KiB with them."""


async def choose_place(db: AsyncSession, thread: Thread) -> Placement:
    """Choose the binding of a thread's next run.

    Raises:
        ConflictError: there is no choice; the message says what to do.
    """
    mappings = await bindings.list_of_environment(db, environment_id=thread.environment_id)
    candidates = [
        Candidate(
            binding_id=mapping.binding.id,
            node_id=mapping.node.id,
            node_name=mapping.node.name,
            status=BindingStatus(mapping.binding.status),
            stale_reasons=tuple(mapping.binding.stale_reasons),
            last_error=mapping.binding.last_error,
            is_drained=mapping.node.drained_at is not None,
            is_revoked=mapping.node.revoked_at is not None,
        )
        for mapping in mappings
    ]
    wishes = Wishes(
        held_binding_id=thread.binding_id,
        chosen_node_id=thread.active_node_id,
        default_binding_id=mappings[0].environment.default_binding_id if mappings else None,
    )
    return place(candidates, wishes)


async def start_next(db: AsyncSession, *, thread: Thread, now: datetime) -> list[Advance]:
    """Make the thread's next queued message a run, if nothing stands in the way.

    What stands in the way is no error here: the message waits, and the thread's page says for
    what.
    """
    if thread.status != ThreadStatus.ACTIVE:
        return []
    if await runs.find_active_run(db, thread_id=thread.id):
        return []
    moved: list[Advance] = []
    while message := await threads.find_next_message(db, thread_id=thread.id):
        try:
            placement = await choose_place(db, thread)
        except ConflictError:
            break
        if placement.waits_for:
            break
        run, advances = await _start(
            db, thread=thread, message=message, placement=placement, now=now
        )
        moved += advances
        if run.status == RunStatus.QUEUED:
            break
        await db.flush()  # refused at once: the next message has its turn
    return moved


async def dispatch_ready(db: AsyncSession, *, binding: Binding, now: datetime) -> list[Advance]:
    """Start what waited for a binding that has just become ready."""
    moved: list[Advance] = []
    for thread in await threads.list_waiting_threads(db, environment_id=binding.environment_id):
        moved += await start_next(db, thread=thread, now=now)
    return moved


async def _start(
    db: AsyncSession, *, thread: Thread, message: Message, placement: Placement, now: datetime
) -> tuple[Run, list[Advance]]:
    chosen = placement.candidate
    run = Run(
        id=new_id(),
        thread_id=thread.id,
        message_id=message.id,
        binding_id=chosen.binding_id,
        node_id=chosen.node_id,
        command_id=new_id(),
        executor=message.executor,
        created_at=now,
    )
    thread.branch = thread.branch or branch_name(thread.title, thread.id)
    payload = await _payload(db, thread=thread, message=message, run=run)
    size = len(json.dumps(payload, ensure_ascii=False).encode())
    moved = await tell_watchers(db, thread.environment_id)
    if size > MAX_COMMAND_BYTES:
        run.status = advance(RunStatus(run.status), RunStatus.FAILED)
        run.reason, run.ended_at = "refused", now
        run.message = (
            f"the message and the environment's settings are {size // 1024} KiB together; a run "
            f"can carry {MAX_COMMAND_BYTES // 1024} KiB: shorten them or put them in a file"
        )
    else:
        add_command(
            db,
            command_id=run.command_id,
            node_id=chosen.node_id,
            type="thread:submit",
            attempt=run.attempt,
            payload=payload,
            now=now,
        )
        moved.append(Advance(f"outbox:{chosen.node_id}"))
    db.add(run)
    message.status = advance(MessageStatus(message.status), MessageStatus.SENT)
    message.run_id = run.id
    thread.last_run_id = run.id
    item = await db.get_one(TimelineItem, message.id)
    item.run_id, item.status, item.updated_at = run.id, "completed", now
    if placement.notice:
        notice = timeline.NewItem("notice", placement.notice, run_id=run.id)
        await timeline.add_items(db, thread_id=thread.id, items=[notice], now=now)
    moved.append(await timeline.changed(db, item, run))
    return run, moved


async def _payload(
    db: AsyncSession, *, thread: Thread, message: Message, run: Run
) -> dict[str, Any]:
    environment = await db.get_one(Environment, thread.environment_id)
    binding = await db.get_one(Binding, run.binding_id)
    return {
        "thread_id": str(thread.id),
        "environment_id": str(environment.id),
        "binding_id": str(binding.id),
        "run_id": str(run.id),
        "executor": message.executor,
        "text": message.text,
        "branch": thread.branch,
        "strategy": binding.strategy,
        "existing_path": binding.existing_path,
        "spec": await specs.build_spec(db, environment),
    }
