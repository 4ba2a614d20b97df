"""What people fill in: each with its label, its help; a form says below it what is wrong."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

FIELD = "field"


def _place(name: str, form: str) -> str:
    return f"{form}-{name}" if form else name


def _described(place: str, help_text: str) -> dict[str, str]:
    return {"aria-describedby": f"{place}-help"} if help_text else {}


def _around(label: str, control: rx.Component, *, place: str, help_text: str) -> Any:
    return rx.el.div(
        rx.el.label(label, html_for=place, class_name="label"),
        control,
        rx.el.p(help_text, id=f"{place}-help", class_name="help") if help_text else rx.fragment(),
    )


def field(
    label: str, name: str, *, form: str = "", help_text: str = "", **attributes: Any
) -> rx.Component:
    """Return a labelled text field; `name` is the API's, `form` tells two of one name apart."""
    place = _place(name, form)
    control = rx.el.input(
        id=place,
        name=name,
        class_name=FIELD,
        custom_attrs=_described(place, help_text),
        **attributes,
    )
    return _around(label, control, place=place, help_text=help_text)


def textarea(
    label: str, name: str, *, form: str = "", help_text: str = "", **attributes: Any
) -> rx.Component:
    """Return a labelled field of several lines, in the type of code."""
    place = _place(name, form)
    control = rx.el.textarea(
        id=place,
        name=name,
        class_name=FIELD,
        custom_attrs=_described(place, help_text),
        **attributes,
    )
    return _around(label, control, place=place, help_text=help_text)


def select(
    label: str,
    name: str,
    options: Mapping[str, str],
    *,
    form: str = "",
    help_text: str = "",
    **attributes: Any,
) -> rx.Component:
    """Return a labelled choice out of a few; `options` are words by value."""
    place = _place(name, form)
    control = rx.el.select(
        *(rx.el.option(words, value=value) for value, words in options.items()),
        id=place,
        name=name,
        class_name=f"{FIELD} select",
        custom_attrs=_described(place, help_text),
        **attributes,
    )
    return _around(label, control, place=place, help_text=help_text)


def checkbox(label: str, name: str, *, help_text: str = "", **attributes: Any) -> rx.Component:
    """Return a box to tick."""
    return _tick(label, name, kind="check", help_text=help_text, **attributes)


def switch(label: str, name: str, *, help_text: str = "", **attributes: Any) -> rx.Component:
    """Return something to turn on or off, which takes effect at once."""
    return _tick(label, name, kind="switch", help_text=help_text, **attributes)


def _tick(label: str, name: str, *, kind: str, help_text: str, **attributes: Any) -> rx.Component:
    role = {"role": "switch"} if kind == "switch" else {}
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, class_name=kind, custom_attrs=role, **attributes),
        rx.el.span(
            label,
            rx.el.span(help_text, class_name="help block !mt-0") if help_text else rx.fragment(),
        ),
        class_name="tick",
    )


def segmented(
    label: str, name: str, options: Mapping[str, str], *, chosen: str, **attributes: Any
) -> rx.Component:
    """Return a choice out of two to four words that stand side by side."""
    return rx.el.fieldset(
        rx.el.legend(label, class_name="label"),
        rx.el.span(
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio",
                        name=name,
                        value=value,
                        default_checked=value == chosen,
                        **attributes,
                    ),
                    rx.el.span(words),
                )
                for value, words in options.items()
            ),
            class_name="segmented",
        ),
    )
