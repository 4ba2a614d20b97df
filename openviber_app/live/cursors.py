"""How far a viewer has followed a topic, and what comes next for it."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from openviber_app.live.encoding import (
    CHANGED,
    GONE,
    RESYNC,
    change_event,
    encode,
    end_event,
    log_event,
)
from openviber_app.services import live_topics
from openviber_app.services.live_topics import Topic
from openviber_app.services.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Batch:
    """Encoded entries. `more`: ask again at once; `is_over`: the topic is followed no longer."""

    entries: list[str] = field(default_factory=list)
    more: bool = False
    is_over: bool = False


class Cursor(Protocol):
    """A place in one topic."""

    async def read(self, runtime: Runtime) -> Batch:
        """Return what came since the last call, at most a page of it, and move on."""
        ...


def _gone(topic: Topic) -> Batch:
    return Batch([encode(topic.name, -1, GONE)], is_over=True)


class LogCursor:
    """A byte offset in a log."""

    def __init__(self, topic: Topic, after: int) -> None:
        self._topic, self._at, self._told_end = topic, after, False

    async def read(self, runtime: Runtime) -> Batch:
        topic = self._topic
        assert topic.id is not None  # noqa: S101 - log topics have one
        page = await live_topics.read_log(runtime, execution_id=topic.id, at=self._at)
        if page is None:
            return _gone(topic)
        entries: list[str] = []
        if page.was_reset:
            entries.append(encode(topic.name, 0, RESYNC))
            self._told_end = False
        self._at = page.at + len(page.data)
        if page.data:
            event = log_event(at=page.at, data=page.data)
            entries.append(encode(topic.name, self._at, event))
        if page.state.has_ended and not page.more and not self._told_end:
            self._told_end = True
            event = end_event(size=page.state.stored, is_complete=page.state.is_complete)
            entries.append(encode(topic.name, self._at, event))
        return Batch(entries, more=page.more)


class TimelineCursor:
    """A change number of a thread, for one viewer: who they are decides what is told as theirs."""

    def __init__(self, topic: Topic, after: int, viewer: UUID) -> None:
        self._topic, self._after, self._viewer = topic, after, viewer

    async def read(self, runtime: Runtime) -> Batch:
        topic = self._topic
        assert topic.id is not None  # noqa: S101 - timeline topics have one
        page = await live_topics.read_timeline(
            runtime, thread_id=topic.id, viewer=self._viewer, after=self._after
        )
        if page is None:
            return _gone(topic)
        if page.was_reset:
            return Batch([encode(topic.name, 0, RESYNC)], is_over=True)
        if page.changes:
            self._after = page.changes[-1].seq
        entries = [encode(topic.name, c.seq, change_event(c)) for c in page.changes]
        return Batch(entries, more=page.more)


class UserCursor:
    """No place at all: a hint that lists are worth asking for again."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    async def read(self, runtime: Runtime) -> Batch:
        return Batch([encode(self._topic.name, 0, CHANGED)])


def cursor_for(topic: Topic, *, after: int, viewer: UUID) -> Cursor:
    """Return a cursor that goes on after this position, for this person."""
    match topic.kind:
        case "log":
            return LogCursor(topic, after)
        case "timeline":
            return TimelineCursor(topic, after, viewer)
        case _:
            return UserCursor(topic)
