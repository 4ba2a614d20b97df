"""The small parts that pages are built of."""

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from openviber_app.ui.kit.dialog import opens as opens  # noqa: PLC0414 - until users say dialog
from openviber_app.ui.kit.dialog import sheet as sheet  # noqa: PLC0414 - until users say dialog
from openviber_app.ui.kit.fields import field as field  # noqa: PLC0414 - until users say fields

link = ReactRouterLink.create


def mark(kind: rx.Var[str] | str) -> rx.Component:
    """Show a status by its shape; the words beside it say it to everyone else."""
    return rx.el.span(class_name="mark", custom_attrs={"data-kind": kind, "aria-hidden": "true"})


def pill(text: rx.Var[str] | str, kind: rx.Var[str] | str) -> rx.Component:
    """Show a status as a word in its colour."""
    return rx.el.span(mark(kind), text, class_name="pill", custom_attrs={"data-kind": kind})


def logo() -> rx.Component:
    """Show the product's sign."""
    return rx.el.img(src="/favicon.svg", alt="", class_name="size-[22px] flex-none")
