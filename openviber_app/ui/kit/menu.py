"""Menus and hints."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from openviber_app.ui.published import script


class Menu(rx.Component):
    """A button that opens a list of actions."""

    library = script("kit/menu.jsx")
    tag = "Menu"

    label: rx.Var[str]
    trigger: rx.Var[rx.Component]
    items: rx.Var[list[dict[str, Any]]]
    side: rx.Var[str]
    align: rx.Var[str]


class Tooltip(rx.Component):
    """A few words about the one thing inside."""

    library = script("kit/tooltip.jsx")
    tag = "Tooltip"

    text: rx.Var[str]


def menu(
    *,
    label: str | rx.Var[str],
    items: Sequence[dict[str, Any]] | rx.Var[list[dict[str, Any]]],
    trigger: rx.Component | None = None,
    **more: Any,
) -> rx.Component:
    """Return a menu of links: `{"label": …, "href": …, "note": …, "isDisabled": …}` each."""
    shown = {} if trigger is None else {"trigger": trigger}
    entries = list(items) if isinstance(items, Sequence) else items
    return Menu.create(label=label, items=entries, **shown, **more)


def tooltip(child: rx.Component, *, text: str | rx.Var[str]) -> rx.Component:
    """Return `child` with a hint on hover and on focus."""
    return Tooltip.create(child, text=text)
