"""Who wants to know that something moved: topics inside one process.

A topic is only ever told "advanced to N"; the rows themselves are read from the store, so a
listener that missed a call misses nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Listener:
    """One reader's interest. `wake` is set when any of its topics moved."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.moved: dict[str, int] = {}

    def take(self) -> dict[str, int]:
        """Return the topics that moved since the last call, each with its last position."""
        moved, self.moved = self.moved, {}
        self.wake.clear()
        return moved


class Bus:
    """Topics are `log:`, `timeline:`, `user:`, `access:` or `outbox:` with the id of their noun."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)

    def advanced(self, topic: str, position: int = 0) -> None:
        """Say that a topic moved. Call it after the commit, on the event loop."""
        for listener in self._listeners.get(topic, ()):
            listener.moved[topic] = position
            listener.wake.set()

    def subscribe(self, listener: Listener, topic: str) -> None:
        """Start telling `listener` of a topic."""
        self._listeners[topic].add(listener)

    def unsubscribe(self, listener: Listener, topic: str) -> None:
        """Stop telling it; unknown pairs are fine."""
        self._listeners[topic].discard(listener)
        if not self._listeners[topic]:
            del self._listeners[topic]

    @contextmanager
    def listening(self, *topics: str) -> Iterator[Listener]:
        """Listen for as long as the block runs."""
        listener = Listener()
        for topic in topics:
            self.subscribe(listener, topic)
        try:
            yield listener
        finally:
            for topic in topics:
                self.unsubscribe(listener, topic)
