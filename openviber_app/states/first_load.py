"""Whose state a tab has, and what is in it before it is sent for the first time.

A tab names its state by a token that it made up itself and that stands in addresses: it finds a
state, and proves nothing. So before each event the session's cookie says who is asking, and a state
that was filled for somebody else is emptied before anything of it can be sent.

A tab whose board was restarted gets a fresh state. Sent empty, and filled by `on_load` only after
that, it would take everything off the screen for a moment.
"""

from contextvars import ContextVar

import reflex as rx
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from openviber_app.states.session import find_actor
from openviber_app.states.workspace import Workspace

OURS = "openviber_app."

asking: ContextVar[str | None] = ContextVar("asking", default=None)
"""The cookie with which the event that is carried out was sent, or the one that it follows."""


class FirstLoad(Middleware):
    """Empties a state of another person's, and fills one before the first event of its tab."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Make the state that of who is signed in; strangers are sent to the door by the page."""
        workspace = await state.get_state(Workspace)
        asking.set(workspace.router.headers.cookie)
        actor = await find_actor(workspace)
        person_id = str(actor.user_id) if actor else ""
        if workspace.person_id and workspace.person_id != person_id:
            await _forget(state)
        workspace.person_id = person_id
        if actor and not workspace.is_loaded:
            await workspace.load()
        return None


async def _forget(state: BaseState) -> None:
    """Empty every state of ours, however many there will be; Reflex's own hold nobody's rows."""
    for kind in rx.State.get_substates():
        if kind.__module__.startswith(OURS):
            (await state.get_state(kind)).reset()
