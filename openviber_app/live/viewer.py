"""One browser tab: which topics it follows, and the next message for it.

Nothing is queued for a viewer. A moved topic is only marked; its rows are read when the viewer's
last message has left. However slow it is, it costs one page of memory and no one else's time.
"""

from openviber_app.bus import Listener
from openviber_app.domain.actors import Actor
from openviber_app.live.cursors import Cursor, cursor_for
from openviber_app.live.encoding import FULL, GONE, encode
from openviber_app.services.access import access_topic
from openviber_app.services.live_topics import Topic, bus_topic, may_follow, parse_topic
from openviber_app.services.runtime import Runtime

MAX_TOPICS = 64
MAX_MESSAGE_CHARS = 128 * 1024
"""A message is closed once it has this many; one entry can be longer only by a page."""

MAX_NAME = 80


class Viewer:
    """The subscriptions of one socket."""

    def __init__(self, runtime: Runtime, actor: Actor) -> None:
        self._runtime, self._actor = runtime, actor
        self._listener = Listener()
        self._cursors: dict[str, Cursor] = {}
        self._bus_names: dict[str, str] = {}
        self._marked: dict[str, None] = {}  # in turn: a loud topic does not starve a quiet one
        self._notes: list[str] = []
        self._times_asked = 0
        self._access = access_topic(actor.user_id)
        runtime.bus.subscribe(self._listener, self._access)

    async def follow(self, name: str, *, after: int) -> None:
        """Follow a topic from a position on; following it again moves the place."""
        topic = parse_topic(name)
        if name not in self._cursors and len(self._cursors) >= MAX_TOPICS:
            self._note(encode(name[:MAX_NAME], -1, FULL))
            return
        if topic is None or not await self._may_still_follow(topic):
            self._note(encode(name[:MAX_NAME], -1, GONE))
            return
        self._cursors[name] = cursor_for(topic, after=after, viewer=self._actor.user_id)
        bus_name = bus_topic(topic, self._actor)
        self._bus_names[bus_name] = name
        self._runtime.bus.subscribe(self._listener, bus_name)
        self._marked[name] = None
        self._listener.wake.set()

    def leave(self, name: str) -> None:
        """Follow a topic no longer; an unknown one is fine."""
        if self._cursors.pop(name, None) is None:
            return
        self._marked.pop(name, None)
        for bus_name in [b for b, n in self._bus_names.items() if n == name]:
            del self._bus_names[bus_name]
            self._runtime.bus.unsubscribe(self._listener, bus_name)

    async def _may_still_follow(self, topic: Topic) -> bool:
        """Ask until nothing was taken from this person while the answer was on its way."""
        while True:
            asked = self._times_asked
            found = await may_follow(self._runtime, self._actor, topic)
            if not found or asked == self._times_asked:
                return found

    async def _leave_forbidden(self) -> None:
        """Leave what this person may no longer see, and say that it is gone."""
        self._times_asked += 1
        for name in list(self._cursors):
            topic = parse_topic(name)
            if topic is None or not await may_follow(self._runtime, self._actor, topic):
                self.leave(name)
                self._note(encode(name[:MAX_NAME], -1, GONE))

    def leave_all(self) -> None:
        """Let go of the bus."""
        for name in list(self._cursors):
            self.leave(name)
        self._runtime.bus.unsubscribe(self._listener, self._access)

    async def next_message(self) -> tuple[str, bool]:
        """Wait until something moved; return a message (maybe empty) and whether more is there."""
        if not self._marked and not self._notes:
            await self._listener.wake.wait()
        moved = self._listener.take()
        if self._access in moved:
            await self._leave_forbidden()
        for bus_name in moved:
            if bus_name in self._bus_names:
                self._marked[self._bus_names[bus_name]] = None
        entries, self._notes = self._notes, []
        size = sum(map(len, entries))
        again: list[str] = []
        while self._marked and size < MAX_MESSAGE_CHARS:
            name = next(iter(self._marked))
            del self._marked[name]
            found, more = await self._read(name)
            entries += found
            size += sum(map(len, found))
            if more:
                again.append(name)
        for name in again:
            if name in self._cursors:
                self._marked[name] = None
        return (f"[{','.join(entries)}]" if entries else ""), bool(self._marked)

    async def _read(self, name: str) -> tuple[list[str], bool]:
        cursor = self._cursors.get(name)
        if cursor is None:
            return [], False
        batch = await cursor.read(self._runtime)
        if self._cursors.get(name) is not cursor:  # left, or moved, while it was read
            return [], False
        if batch.is_over:
            self.leave(name)
        return batch.entries, batch.more

    def _note(self, entry: str) -> None:
        if len(self._notes) < MAX_TOPICS:
            self._notes.append(entry)
        self._listener.wake.set()
