"""The nodes page's own state: its rows."""

import reflex as rx

from openviber_app.services import node_details
from openviber_app.services.runtime import current
from openviber_app.states.node_rows import NodeCard, node_cards
from openviber_app.states.session import find_actor


class Nodes(rx.State):
    """A person's nodes with what is on them; one-time tokens never come through here."""

    cards: list[NodeCard] = []
    is_loaded: bool = False

    @rx.event
    async def load(self) -> None:
        """Read the nodes again; strangers see none (the page sends them to the door)."""
        actor = await find_actor(self)
        if actor is None:
            self.reset()
            return
        self.cards = node_cards(await node_details.list_details(current(), actor))
        self.is_loaded = True
