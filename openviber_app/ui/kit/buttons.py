"""Buttons: one filled one a view; a disabled one says why."""

from typing import Any

import reflex as rx

from openviber_app.ui.kit.icons import icon as picture

KINDS = {"primary": "btn-primary", "plain": "", "quiet": "btn-quiet", "danger": "btn-danger"}


def button(  # noqa: PLR0913 - the states of a button
    text: str,
    *,
    kind: str = "plain",
    icon: str = "",
    busy: str = "",
    why_not: str = "",
    small: bool = False,
    custom_attrs: dict[str, Any] | None = None,
    **attributes: Any,
) -> rx.Component:
    """Return a button. `busy` is what it says while it works, `why_not` why it cannot be used.

    A button that cannot be used stays reachable, so that its reason can be read.
    """
    extra: dict[str, Any] = dict(custom_attrs or {})
    if busy or why_not:
        extra["aria-disabled"] = "true"
    if busy:
        extra["aria-busy"] = "true"
    shown = rx.el.button(
        rx.el.span(class_name="mark", custom_attrs={"data-kind": "busy", "aria-hidden": "true"})
        if busy
        else picture(icon)
        if icon
        else rx.fragment(),
        busy or text,
        type="button",
        class_name=f"btn {KINDS[kind]} {'btn-small' if small else ''}",
        custom_attrs=extra,
        **attributes,
    )
    if not why_not:
        return shown
    return rx.el.span(shown, rx.el.span(why_not, class_name="why-not"), class_name="with-reason")
