"""The nodes: a person's machines, their links, and what is on them."""

import reflex as rx

from openviber_app.states.nodes import Nodes
from openviber_app.ui.frame import COLUMN, frame
from openviber_app.ui.live.components import watch
from openviber_app.ui.nodes.components import nodes_page


def nodes() -> rx.Component:
    """Return the page of the nodes."""
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(
            nodes_page(cards=Nodes.cards, is_loaded=Nodes.is_loaded),
            watch(on_change=Nodes.load, class_name="hidden"),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )
