"""Small pictures beside words."""

import reflex as rx

from openviber_app.ui.published import script


class Icon(rx.Component):
    """One of the names in icons.jsx."""

    library = script("kit/icons.jsx")
    tag = "Icon"

    name: rx.Var[str]
    size: rx.Var[int]
    filled: rx.Var[bool]


def icon(
    name: str | rx.Var[str], *, size: int = 14, filled: bool | rx.Var[bool] = False
) -> rx.Component:
    """Return a picture that a label says again."""
    return Icon.create(name=name, size=size, filled=filled)
