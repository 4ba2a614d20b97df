"""A person's settings."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.frame import COLUMN, TOP, back, frame
from openviber_app.ui.settings.components import settings_part


def settings() -> rx.Component:
    """Return the settings, the section named by the address."""
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(
            rx.el.header(
                back("/"),
                rx.el.h1("Settings", class_name="text-[15px] font-semibold"),
                class_name=TOP,
            ),
            rx.el.div(
                settings_part(manages_people=Workspace.manages_people),
                class_name="flex-1 min-h-0 overflow-y-auto",
            ),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )
