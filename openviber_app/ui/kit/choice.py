"""A choice out of many, found by typing."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from openviber_app.ui.published import script


class Choice(rx.Component):
    """A field that sifts a list."""

    library = script("kit/choice.jsx")
    tag = "Choice"

    label: rx.Var[str]
    name: rx.Var[str]
    options: rx.Var[list[dict[str, Any]]]
    value: rx.Var[str]
    placeholder: rx.Var[str]


def choice(
    label: str,
    name: str,
    options: Sequence[dict[str, str]] | rx.Var[list[dict[str, Any]]],
    **more: str | rx.Var[str],
) -> rx.Component:
    """Return the field; `options` are `{"value": …, "label": …, "note": …}` each."""
    entries = list(options) if isinstance(options, Sequence) else options
    return Choice.create(label=label, name=name, options=entries, **more)
