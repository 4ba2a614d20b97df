"""The small parts that pages are built of."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from openviber_app.ui.kit.dialog import opens as opens  # noqa: PLC0414 - until users say dialog
from openviber_app.ui.kit.dialog import sheet as sheet  # noqa: PLC0414 - until users say dialog

link = ReactRouterLink.create

FIELD = "field"


def mark(kind: rx.Var[str] | str) -> rx.Component:
    """Show a status by its shape; the words beside it say it to everyone else."""
    return rx.el.span(class_name="mark", custom_attrs={"data-kind": kind, "aria-hidden": "true"})


def pill(text: rx.Var[str] | str, kind: rx.Var[str] | str) -> rx.Component:
    """Show a status as a word in its colour."""
    return rx.el.span(mark(kind), text, class_name="pill", custom_attrs={"data-kind": kind})


def logo() -> rx.Component:
    """Show the product's sign."""
    return rx.el.img(src="/favicon.svg", alt="", class_name="size-[22px] flex-none")


def field(
    label: str, name: str, *, form: str = "", help_text: str = "", **attributes: Any
) -> rx.Component:
    """Return a labelled text field; `name` is the API's, `form` tells two of one name apart."""
    place = f"{form}-{name}" if form else name
    described = {"aria-describedby": f"{place}-help"} if help_text else {}
    return rx.el.div(
        rx.el.label(label, html_for=place, class_name="label"),
        rx.el.input(id=place, name=name, class_name=FIELD, custom_attrs=described, **attributes),
        rx.el.p(help_text, id=f"{place}-help", class_name="help") if help_text else rx.fragment(),
    )
