"""What a live viewer may follow, read from the rows whenever a topic moved."""

from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.services import logs
from openviber_app.services.access import user_topic
from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline_pages import Change, list_changes
from openviber_app.store import executions, threads, timeline

LOG_PAGE_BYTES = 96 * 1024
"""Bytes of a log read at once: 128 KiB as base64."""

TIMELINE_PAGE = 100
USER = "user"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a viewer names it. `kind` is `log`, `timeline` or `user`."""

    name: str
    kind: str
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LogSlice:
    """Bytes of a log from `at` on. `was_reset`: the log is shorter than the viewer's place."""

    at: int
    data: bytes
    more: bool
    was_reset: bool
    state: logs.LogState


@dataclass(frozen=True, slots=True)
class TimelineSlice:
    """Changes after a number. `was_reset`: the viewer's number is not one of this timeline."""

    changes: list[Change]
    more: bool
    was_reset: bool


def parse_topic(name: str) -> Topic | None:
    """Return the topic of this name, None when there can be no such topic."""
    if name == USER:
        return Topic(name, USER)
    kind, _, text = name.partition(":")
    try:
        topic = Topic(name, kind, UUID(text))
    except ValueError:
        return None
    return topic if kind in {"log", "timeline"} and str(topic.id) == text else None


def bus_topic(topic: Topic, actor: Actor) -> str:
    """Return the name under which the bus tells of it."""
    return user_topic(actor.user_id) if topic.kind == USER else topic.name


async def may_follow(runtime: Runtime, actor: Actor, topic: Topic) -> bool:
    """Whether the topic is there for this person to see: the two are told apart nowhere."""
    if topic.id is None:
        return True
    async with runtime.store.read() as db:
        if topic.kind == "log":
            found = await executions.find_execution(
                db, execution_id=topic.id, user_id=actor.user_id
            )
        else:
            found = await threads.find_thread(db, thread_id=topic.id, user_id=actor.user_id)
    return found is not None


async def read_log(runtime: Runtime, *, execution_id: UUID, at: int) -> LogSlice | None:
    """Return the next page of a log; None when it is gone."""
    async with runtime.store.read() as db:
        execution = await executions.find_execution(db, execution_id=execution_id)
        if execution is None:
            return None
        state = await logs.get_state(db, execution)
        was_reset = at > state.stored
        at = 0 if was_reset else at
        data = await logs.read(db, execution_id=execution_id, offset=at, limit=LOG_PAGE_BYTES)
    return LogSlice(at, data, at + len(data) < state.stored, was_reset, state)


async def read_timeline(
    runtime: Runtime, *, thread_id: UUID, viewer: UUID, after: int
) -> TimelineSlice | None:
    """Return the next changes of a timeline for a viewer; None when its thread is gone."""
    async with runtime.store.read() as db:
        if await threads.find_thread(db, thread_id=thread_id) is None:
            return None
        if after > await timeline.get_seq(db, thread_id=thread_id):
            return TimelineSlice([], more=False, was_reset=True)
        changes, more = await list_changes(
            db, thread_id=thread_id, viewer=viewer, after=after, limit=TIMELINE_PAGE
        )
    return TimelineSlice(changes, more, was_reset=False)
