"""Every environment by node."""

import reflex as rx

from openviber_app.ui.frame import COLUMN, TOP, back, frame
from openviber_app.ui.mapping.components import mappings


def mappings_page() -> rx.Component:
    """Return the page behind Manage mappings."""
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(
            rx.el.header(
                back("/"),
                rx.el.h1("Mappings", class_name="text-[15px] font-semibold"),
                rx.el.span(
                    "every environment by node", class_name="text-tx3 truncate hidden md:block"
                ),
                class_name=TOP,
            ),
            mappings(class_name="mappings-page"),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )
