"""Sharing the selected environment."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.dialog import sheet
from openviber_app.ui.sharing.components import sharing


def share_dialog() -> rx.Component:
    """Return the dialog behind Share."""
    return sheet(
        sharing(environment=Workspace.environment.id),
        id="share",
        title="Share this environment",
        text="With people who have an account on this board. Your other environments stay yours.",
    )
