"""Mapping the selected environment to a node."""

import reflex as rx

from openviber_app.states.rows import NodeRow
from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.parts import mark, sheet
from openviber_app.ui.live.components import api_form


def map_node_dialog() -> rx.Component:
    """Return the dialog behind Map to node."""
    return sheet(
        rx.cond(
            Workspace.nodes,
            api_form(
                rx.el.fieldset(
                    rx.el.legend("Node", class_name="label"),
                    rx.foreach(Workspace.nodes, _node_choice),
                ),
                action=f"/api/environments/{Workspace.environment.id}/bindings",
                submit="Prepare environment",
                busy="Asking the node…",
                class_name="form",
            ),
            rx.el.p("There is no node yet.", class_name="text-tx2"),
        ),
        id="map",
        title="Map to node",
    )


def _node_choice(row: NodeRow) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="nodeId", value=row.id, required=True),
        mark(row.mark),
        rx.el.span(
            rx.el.span(row.name, class_name="block font-medium"),
            rx.el.span(rx.el.span(row.link), rx.el.span(row.facts), class_name="facts"),
        ),
        class_name="nav-row",
    )
