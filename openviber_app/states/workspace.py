"""The main page: what is selected, and the rows around it."""

from uuid import UUID

import reflex as rx

from openviber_app.domain.roles import Right, can
from openviber_app.services import overview
from openviber_app.services.runtime import current
from openviber_app.states.rows import (
    BindingRow,
    EnvironmentRow,
    NodeRow,
    ThreadRow,
    binding_row,
    environment_row,
    node_row,
    nodes_words,
    thread_row,
)
from openviber_app.states.session import find_actor, sign_in_first


def selected_in(path: str, *, chosen_environment: str = "") -> tuple[UUID | None, UUID | None]:
    """Return the thread and the environment that a page's address names.

    A page of neither may carry the chosen environment in its query.
    """
    noun, _, rest = path.strip("/").partition("/")
    if not rest and chosen_environment:
        noun, rest = "environments", chosen_environment
    try:
        chosen = UUID(rest.partition("/")[0])
    except ValueError:
        return None, None
    return (chosen if noun == "threads" else None, chosen if noun == "environments" else None)


class Workspace(rx.State):
    """Small facts of one tab; what grows reaches the page by the live channel instead."""

    is_loaded: bool = False
    is_missing: bool = False
    person: str = ""
    manages_people: bool = False
    """Whether this person is an owner or an admin."""
    environments: list[EnvironmentRow] = []
    nodes: list[NodeRow] = []
    bindings: list[BindingRow] = []
    environment: EnvironmentRow = EnvironmentRow()
    thread: ThreadRow = ThreadRow()
    current_environment: str = ""
    """The one that this person used last, on any device."""
    nodes_online: int = 0
    nodes_offline: int = 0
    nodes_words: str = ""
    is_usable: bool = False
    """Whether a thread of the selected environment can be started."""
    _person_id: str = ""
    """Whose rows these are; it never reaches a page."""

    @property
    def person_id(self) -> str:
        """Whose state this is; empty: nobody's yet."""
        return self._person_id

    @person_id.setter
    def person_id(self, person_id: str) -> None:  # a method would be a handler of the socket
        self._person_id = person_id

    @rx.event
    async def load(self) -> rx.event.EventSpec | None:
        """Show what the address names; strangers go to the door."""
        actor = await find_actor(self)
        url = self.router.url
        if actor is None:
            self.reset()  # nothing of the last visitor stays in this tab
            return rx.redirect(sign_in_first(path=url.path, query=url.query))
        thread_id, environment_id = selected_in(
            url.path, chosen_environment=url.query_parameters.get("environment", "")
        )
        found = await overview.get_overview(
            current(), actor, thread_id=thread_id, environment_id=environment_id
        )
        self.person = actor.name
        self.manages_people = can(actor.role, Right.PEOPLE)
        self.environments = [
            environment_row(
                row,
                state,
                is_pinned=row.id in found.marks and found.marks[row.id].is_pinned,
                is_selected=row.id == found.environment_id,
            )
            for row, state in found.environments
        ]
        self.environment = next(
            (row for row in self.environments if row.is_selected), EnvironmentRow()
        )
        self.nodes = [node_row(node) for node in found.nodes]
        self.nodes_online = sum(node.link == "connected" for node in found.nodes)
        self.nodes_offline = len(found.nodes) - self.nodes_online
        self.nodes_words = nodes_words(online=self.nodes_online, offline=self.nodes_offline)
        self.thread = thread_row(found.thread) if found.thread else ThreadRow()
        self.current_environment = str(found.current_id or "")
        self.bindings = [binding_row(mapping, prepare) for mapping, prepare in found.mappings]
        self.is_usable = any(row.pill != "Error" for row in self.bindings)
        self.is_missing = found.is_missing
        self.is_loaded = True
        return None

    @rx.event
    def open_thread(self, thread_id: str) -> rx.event.EventSpec:
        """Go to a thread."""
        return rx.redirect(f"/threads/{thread_id}")
