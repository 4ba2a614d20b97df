"""The list of environments, as the switcher opens it."""

import reflex as rx

from openviber_app.ui.kit.parts import opens, sheet
from openviber_app.ui.sidebar import environment_list


def environments_dialog() -> rx.Component:
    """Return the dialog of the environment switcher."""
    return sheet(
        environment_list(),
        rx.el.button(
            "+ Create",
            type="button",
            custom_attrs=opens("new-environment"),
            class_name="btn w-full mt-3",
        ),
        id="environments",
        title="Environments",
    )
