"""What holds or replaces content: cards, banners, empty places, what still loads."""

from collections.abc import Sequence

import reflex as rx

from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import link
from openviber_app.ui.published import script

BANNERS = {"info": "info", "warn": "warn", "error": "warn"}


class CodeBlock(rx.Component):
    """A text to take along whole, with a button that copies it."""

    library = script("kit/code_block.jsx")
    tag = "CodeBlock"

    text: rx.Var[str]
    label: rx.Var[str]


def code_block(text: str | rx.Var[str], *, label: str) -> rx.Component:
    """Return a command or a token with its Copy button."""
    return CodeBlock.create(text=text, label=label)


def card(*children: rx.Component, title: str, action: rx.Component | None = None) -> rx.Component:
    """Return a box with a head."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, class_name="font-medium flex-1"),
            action or rx.fragment(),
            class_name="card-head",
        ),
        rx.el.div(*children, class_name="card-body"),
        aria_label=title,
        class_name="card",
    )


def banner(text: str, *, kind: str = "info", action: rx.Component | None = None) -> rx.Component:
    """Return a sentence about the whole page; an error interrupts, the others wait."""
    return rx.el.div(
        icon(BANNERS[kind]),
        rx.el.p(text, class_name="flex-1"),
        action or rx.fragment(),
        role="alert" if kind == "error" else "status",
        class_name="banner",
        custom_attrs={"data-kind": kind},
    )


def empty(title: str, text: str, *, action: rx.Component | None = None) -> rx.Component:
    """Return what stands in an empty place: what belongs there, and the way to it."""
    return rx.el.div(
        rx.el.p(title, class_name="font-semibold"),
        rx.el.p(text, class_name="text-tx2 mt-1"),
        rx.el.div(action, class_name="mt-3") if action else rx.fragment(),
        class_name="empty",
    )


def skeleton(rows: int = 3) -> rx.Component:
    """Return rows that hold the place of a list that is not here yet."""
    return rx.el.div(
        *(rx.el.div(rx.el.span(), rx.el.span(), class_name="skeleton") for _ in range(rows)),
        rx.el.span("Loading", class_name="sr-only"),
        role="status",
    )


def tabs(
    label: str, items: Sequence[tuple[str, str | rx.Var[str]]], *, chosen: str
) -> rx.Component:
    """Return parts of a page as links, which a bookmark keeps; `items` are words and addresses."""
    return rx.el.nav(
        *(
            link(
                words,
                href=href,
                class_name="tab",
                custom_attrs={"aria-current": "page" if words == chosen else "false"},
            )
            for words, href in items
        ),
        aria_label=label,
        class_name="tabs",
    )
