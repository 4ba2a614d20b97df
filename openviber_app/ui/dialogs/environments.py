"""The list of environments, as the switcher opens it."""

import reflex as rx

from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import link, sheet
from openviber_app.ui.sidebar.environments import environment_list


def environments_dialog() -> rx.Component:
    """Return the dialog of the environment switcher."""
    return sheet(
        environment_list(),
        id="environments",
        title="Environments",
        action=link(icon("plus"), "Create", href="/environments/new", class_name="btn"),
    )
