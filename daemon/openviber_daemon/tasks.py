"""Named tasks inside a group, one of each name at a time."""

import asyncio
from collections.abc import Coroutine


class Tasks:
    """Starts work in the daemon's task group; a second one of the same name is not begun."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._names: set[str] = set()

    def start(self, work: Coroutine[object, object, None], *, name: str) -> None:
        if name in self._names:
            work.close()
            return
        self._names.add(name)
        task = self._group.create_task(work, name=name)
        task.add_done_callback(lambda _: self._names.discard(name))
