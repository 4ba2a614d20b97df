"""What this process believes the board keeps of logs, so that not every one makes it count."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class KeptLogs:
    """`bytes` is None before the first count; it errs upwards only, and then it is counted again.

    What is deleted along with an environment stays in it until then.
    """

    bytes: int | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by who counts or makes room: two at once would free twice as much."""

    def has_room(self, added: int, *, quota: int) -> bool:
        """Add a log, unless that needs a count."""
        if self.bytes is None or self.bytes + added > quota:
            return False
        self.bytes += added
        return True
