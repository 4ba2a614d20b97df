"""What the sidebar shows, in one call."""

from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.services import bindings, environments, nodes, threads
from openviber_app.services.environments import State
from openviber_app.services.nodes import NodeView
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_views import ThreadView
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Environment, Prepare
from openviber_app.store.threads import ThreadQuery

THREADS = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """A person's environments and nodes, and what is selected.

    `environment_id` is the selected thread's, else the asked one, else the first; it is None on
    an empty board. `is_missing` says that what was asked for is not there.
    """

    environments: list[tuple[Environment, State]]
    nodes: list[NodeView]
    threads: list[ThreadView]
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
    known = await environments.list_environments(runtime, actor)
    ids = [row.id for row, _ in known]
    if environment_id not in ids:
        is_missing = is_missing or environment_id is not None
        environment_id = ids[0] if ids else None
    page, mappings = [], []
    if environment_id is not None:
        query = ThreadQuery(user_id=actor.user_id, environment_id=environment_id, limit=THREADS)
        found = await threads.list_threads(runtime, query, utc_offset_minutes=utc_offset_minutes)
        page = found.threads
        mappings = await bindings.list_bindings(runtime, actor, environment_id=environment_id)
    return Overview(
        environments=known,
        nodes=await nodes.list_nodes(runtime, actor),
        threads=page,
        mappings=mappings,
        environment_id=environment_id,
        thread=thread,
        is_missing=is_missing,
    )
