"""The person at the foot of the sidebar, and what is theirs."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.shell.components import user_menu_part


def user_menu(*, compact: bool = False) -> rx.Component:
    """Return the person's menu: their name, or for narrow places only its initial."""
    return user_menu_part(name=Workspace.person, compact=compact)
