"""What the sidebar shows, in one call."""

from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.services import bindings, environment_marks, environments, nodes, threads
from openviber_app.services.environments import State
from openviber_app.services.nodes import NodeView
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_views import ThreadView
from openviber_app.store.bindings import Mapping
from openviber_app.store.mark_tables import EnvironmentMark
from openviber_app.store.tables import Environment, Prepare


@dataclass(frozen=True, slots=True)
class Overview:
    """A person's environments and nodes, and what is selected.

    Environments come as the person keeps them: pinned ones, then by use. `environment_id` is the
    selected thread's, else the asked one, else the one used last; it is None on an empty board.
    `is_missing` says that what was asked for is not there.
    """

    environments: list[tuple[Environment, State]]
    marks: dict[UUID, EnvironmentMark]
    current_id: UUID | None
    nodes: list[NodeView]
    mappings: list[tuple[Mapping, Prepare | None]]
    environment_id: UUID | None
    thread: ThreadView | None
    is_missing: bool


async def get_overview(
    runtime: Runtime,
    actor: Actor,
    *,
    environment_id: UUID | None = None,
    thread_id: UUID | None = None,
    utc_offset_minutes: int = 0,
) -> Overview:
    """Return everything around a selected thread or environment."""
    thread, is_missing = None, False
    if thread_id is not None:
        try:
            thread = await threads.get_thread(
                runtime, actor, thread_id=thread_id, utc_offset_minutes=utc_offset_minutes
            )
            environment_id = thread.environment_id
        except NotFoundError:
            is_missing = True
    marks = await environment_marks.list_marks(runtime, actor)
    known = sorted(
        await environments.list_environments(runtime, actor),
        key=lambda entry: _rank(marks.get(entry[0].id)),
    )
    current_id = _current(known, marks)
    if environment_id not in {row.id for row, _ in known}:
        is_missing = is_missing or environment_id is not None
        environment_id = current_id
    mappings = []
    if environment_id is not None:
        mappings = await bindings.list_bindings(runtime, actor, environment_id=environment_id)
    return Overview(
        environments=known,
        marks=marks,
        current_id=current_id,
        nodes=await nodes.list_nodes(runtime, actor),
        mappings=mappings,
        environment_id=environment_id,
        thread=thread,
        is_missing=is_missing,
    )


def _rank(mark: EnvironmentMark | None) -> tuple[bool, float]:
    """Order pinned ones first, then by use; those of one rank stay by name."""
    if mark is None:
        return True, 0
    return not mark.is_pinned, -mark.used_at.timestamp() if mark.used_at else 0


def _current(
    known: list[tuple[Environment, State]], marks: dict[UUID, EnvironmentMark]
) -> UUID | None:
    """Return the environment that was used last, else the first."""
    used = {
        mark.used_at: row.id for row, _ in known if (mark := marks.get(row.id)) and mark.used_at
    }
    return used[max(used)] if used else known[0][0].id if known else None
