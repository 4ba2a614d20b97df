"""Mapping the selected environment to a node."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.dialog import sheet
from openviber_app.ui.mapping.components import map_dialog


def map_node_dialog() -> rx.Component:
    """Return the dialog behind Map to node; the attempt in it is part of the address."""
    return sheet(
        map_dialog(environment=Workspace.environment.id),
        id="map",
        title="Map to node",
        wide=True,
        bare=True,
    )
