"""The nodes at the sidebar's foot: how many are there, and each with its link."""

import reflex as rx

from openviber_app.states.rows import NodeRow
from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import link, mark
from openviber_app.ui.live.components import ago


def nodes() -> rx.Component:
    """Return the summary, which opens to every node."""
    return rx.el.details(
        rx.el.summary(
            mark(rx.cond(Workspace.nodes_online > 0, "online", "off")),
            rx.el.span(
                rx.cond(Workspace.nodes_words, Workspace.nodes_words, "Nodes"),
                class_name="flex-1 truncate",
            ),
            icon("chevron-up"),
            class_name="foot-summary",
        ),
        rx.el.div(
            rx.foreach(Workspace.nodes, _node),
            link("All nodes", href="/nodes", class_name="side-manage px-2 py-1 inline-block"),
            class_name="foot-nodes",
        ),
    )


def _node(row: NodeRow) -> rx.Component:
    return link(
        mark(row.mark),
        rx.el.span(
            rx.el.span(row.name, class_name="block font-medium truncate"),
            rx.el.span(
                row.link,
                rx.cond(row.changed_at, rx.fragment(" ", ago(at=row.changed_at))),
                class_name="node-line",
            ),
            rx.cond(
                row.last_seen_at,
                rx.el.span("last seen ", ago(at=row.last_seen_at), class_name="node-line"),
            ),
            rx.cond(row.facts, rx.el.span(row.facts, class_name="node-line")),
            class_name="min-w-0 flex-1",
        ),
        href=f"/nodes?node={row.id}",
        class_name="nav-row",
    )
