"""What a person does with a run: look at it, stop it, give it up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.sharing import Right
from openviber_app.domain.statuses import (
    CommandStatus,
    RunStatus,
    ThreadStatus,
    advance,
    is_final,
)
from openviber_app.services import timeline
from openviber_app.services.access import require_right
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runs import end_run
from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline_pages import RunView, run_view
from openviber_app.store import runs, threads
from openviber_app.store.commands import add_command, find_command
from openviber_app.store.tables import Node, Run, Thread


async def get_run(runtime: Runtime, actor: Actor, *, run_id: UUID) -> RunView:
    """Return a run.

    Raises:
        NotFoundError: no such run that this person may see.
    """
    async with runtime.store.read() as db:
        return run_view(await _require(db, actor, run_id, right=Right.SEE))


async def stop_run(runtime: Runtime, actor: Actor, *, run_id: UUID) -> RunView:
    """Stop a run: at once when its node has not heard of it, else by a command to the node.

    A run that has ended stays as it is; a second stop changes nothing.

    Raises:
        NotFoundError: no such run that this person may see.
    """
    async with runtime.store.write() as db:
        run = await _require(db, actor, run_id, right=Right.RUN)
        moved = await stop_in(db, run=run, now=runtime.clock.now())
    runtime.announce(moved)
    return run_view(run)


async def stop_thread(runtime: Runtime, actor: Actor, *, thread_id: UUID) -> RunView | None:
    """Stop whatever a thread does; None when it did nothing.

    A thread with queued messages is paused, so that stopping one script does not start the next.

    Raises:
        NotFoundError: no such thread that this person may see.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        thread = await threads.find_thread(
            db, thread_id=thread_id, user_id=actor.user_id, lock=True
        )
        if thread is None:
            raise NotFoundError("thread")
        await require_right(
            db, actor, environment_id=thread.environment_id, right=Right.RUN, noun="thread"
        )
        moved = await _hold_queue(db, thread=thread, now=now)
        run = await runs.find_active_run(db, thread_id=thread_id)
        if run is not None:
            moved += await stop_in(db, run=run, now=now)
    runtime.announce(moved)
    return run_view(run) if run else None


async def mark_lost(runtime: Runtime, actor: Actor, *, run_id: UUID) -> RunView:
    """Give up a run whose node does not answer; should the node return, it is killed there.

    The thread is paused when messages wait: they would go to the same node.

    Raises:
        ConflictError: the run has ended, or its node is there to be asked.
        NotFoundError: no such run that this person may see.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        run = await _require(db, actor, run_id, right=Right.RUN)
        if is_final(RunStatus(run.status)):
            raise ConflictError(f"this run has already ended: {run.status}")
        node = await db.get(Node, run.node_id) if run.node_id else None
        if node is not None and node.is_connected and run.stop_requested_at is None:
            raise ConflictError(f"{node.name} is connected: stop the run instead")
        await _withdraw(db, run=run, even_sent=True)
        thread = await threads.find_thread(db, thread_id=run.thread_id, lock=True)
        moved = await _hold_queue(db, thread=thread, now=now) if thread else []
        lost = Target(kind="run", id=run.id, name=thread.title if thread else "")
        facts = {"node": node.name if node else ""}
        record(runtime, db, Deed(action="run.lost", target=lost, actor=actor, facts=facts))
        moved += await end_run(
            db,
            run=run,
            status=RunStatus.LOST,
            reason="lost",
            message=f"given up by {actor.name}",
            now=now,
        )
        # a node that is there after all looks for executions that nobody wants any more
        moved.append(Advance(f"outbox:{run.node_id}"))
    runtime.announce(moved)
    return run_view(run)


async def stop_in(db: AsyncSession, *, run: Run, now: datetime) -> list[Advance]:
    """Stop a run inside the caller's transaction; one that has ended or stops already is left."""
    if is_final(RunStatus(run.status)) or run.stop_requested_at is not None:
        return []
    run.stop_requested_at = now
    if await _withdraw(db, run=run, even_sent=False):
        return await end_run(
            db,
            run=run,
            status=RunStatus.STOPPED,
            reason="stopped",
            message="stopped before its node heard of it",
            now=now,
        )
    if run.node_id is None:
        return []
    add_command(
        db,
        command_id=new_id(),
        node_id=run.node_id,
        type="thread:stop",
        attempt=1,
        payload={
            "thread_id": str(run.thread_id),
            "run_id": str(run.id),
            "reason": "stopped",
        },
        now=now,
    )
    return [await timeline.changed(db, run), Advance(f"outbox:{run.node_id}")]


async def _withdraw(db: AsyncSession, *, run: Run, even_sent: bool) -> bool:
    """Take back the run's command; False when the node may have it."""
    command = await find_command(db, command_id=run.command_id)
    if command is None:
        return False
    unsent = command.status == CommandStatus.PENDING
    if unsent or (even_sent and command.status == CommandStatus.SENT):
        command.status = advance(CommandStatus(command.status), CommandStatus.WITHDRAWN)
    return unsent


async def _hold_queue(db: AsyncSession, *, thread: Thread, now: datetime) -> list[Advance]:
    counts = await threads.count_queued_of(db, thread_ids=[thread.id])
    waiting = counts.get(thread.id, 0)
    if not waiting or thread.status != ThreadStatus.ACTIVE:
        return []
    thread.status = advance(ThreadStatus(thread.status), ThreadStatus.PAUSED)
    thread.updated_at = now
    said = f"paused with {waiting} queued message{'s' if waiting > 1 else ''}; resume to go on"
    rows = await timeline.add_items(
        db, thread_id=thread.id, items=[timeline.NewItem("notice", said)], now=now
    )
    return [Advance(timeline.topic_of(thread.id), rows[-1].seq)]


async def _require(db: AsyncSession, actor: Actor, run_id: UUID, *, right: Right) -> Run:
    run = await runs.find_seen_run(db, run_id=run_id, user_id=actor.user_id)
    if run is None:
        raise NotFoundError("run")
    if right is not Right.SEE:
        thread = await db.get_one(Thread, run.thread_id)
        await require_right(
            db, actor, environment_id=thread.environment_id, right=right, noun="run"
        )
    return run
