"""Which executions may go when they take too much room."""

from collections.abc import Iterable
from uuid import UUID

from openviber_daemon.home import Home


def choose_excess(home: Home, delivered: Iterable[UUID], *, limit_bytes: int) -> list[UUID]:
    """Choose the oldest of those that the hub has acked completely, until the rest fits the limit.

    What the hub does not hold yet is never chosen, however large it is.
    """
    found: list[tuple[float, int, UUID]] = []
    for execution_id in delivered:
        folder = home.attempt(execution_id)
        try:
            size = sum(file.stat().st_size for file in folder.iterdir())
            found.append((folder.stat().st_mtime, size, execution_id))
        except FileNotFoundError:
            continue
    excess = sum(size for _, size, _ in found) - limit_bytes
    chosen: list[UUID] = []
    for _, size, execution_id in sorted(found):
        if excess <= 0:
            break
        chosen.append(execution_id)
        excess -= size
    return chosen
