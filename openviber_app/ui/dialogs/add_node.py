"""Making the one-time command of another machine."""

import reflex as rx

from openviber_app.ui.kit.parts import field, sheet
from openviber_app.ui.live.components import api_form


def add_node_dialog() -> rx.Component:
    """Return the dialog behind Add node."""
    return sheet(
        rx.el.p(
            "Makes a one-time command for another machine; it works once, for 15 minutes. The "
            "machine needs Python 3.11, and must reach this board.",
            class_name="text-tx2 mb-3",
        ),
        api_form(
            field(
                "Name",
                "name",
                form="node",
                required=True,
                auto_complete="off",
                placeholder="studio-02",
            ),
            action="/api/nodes/tokens",
            reveal="commands.install",
            submit="Make the command",
            busy="Making it…",
            class_name="form",
        ),
        id="add-node",
        title="Add node",
    )
