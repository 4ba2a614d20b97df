"""Signs of a few pixels: keys, people, how far something is."""

import reflex as rx


def kbd(key: str) -> rx.Component:
    """Show a key."""
    return rx.el.kbd(key, class_name="kbd")


def avatar(name: str) -> rx.Component:
    """Show a person by the first letter of their name, which stands beside it."""
    return rx.el.span(name[:1].upper(), class_name="avatar", custom_attrs={"aria-hidden": "true"})


def progress(value: float | rx.Var[float], *, label: str) -> rx.Component:
    """Show how far something is, from 0 to 1."""
    return rx.el.progress(value=value, max=1, aria_label=label, class_name="progress")
