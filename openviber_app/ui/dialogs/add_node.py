"""Making another machine a node: its name, then its one-time command."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.parts import sheet
from openviber_app.ui.nodes.components import add_node


def add_node_dialog() -> rx.Component:
    """Return the dialog behind Add node."""
    return sheet(
        add_node(environment=Workspace.environment.id, environment_name=Workspace.environment.name),
        id="add-node",
        title="Add node",
    )
