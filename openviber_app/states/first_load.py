"""What a page shows is read before a fresh state is sent for the first time.

A tab whose board was restarted gets a fresh state. Sent empty, and filled by `on_load` only after
that, it would take everything off the screen for a moment.
"""

import reflex as rx
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from openviber_app.states.workspace import Workspace


class FirstLoad(Middleware):
    """Fills a state before the first event of its tab, whatever event that is."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Fill the state; who is not signed in is sent to the door by the page itself."""
        workspace = await state.get_state(Workspace)
        if not workspace.is_loaded and workspace.router.headers.cookie:
            await workspace.load()
        return None
