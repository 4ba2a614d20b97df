"""The pages on which an environment is made and edited."""

import reflex as rx

from openviber_app.ui.environment_form.components import environment_form
from openviber_app.ui.frame import COLUMN, frame


def new_environment() -> rx.Component:
    """Return the form of an environment that is not there yet."""
    return _page()


def edit_environment() -> rx.Component:
    """Return the form of the environment that the address names."""
    return _page()


def _page() -> rx.Component:
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(environment_form(), id="main", tab_index=-1, class_name=COLUMN),
    )
