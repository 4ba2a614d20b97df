"""The top of the sidebar: whose board this is, who waits for you, and the palette."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.parts import link, logo
from openviber_app.ui.live.components import watch
from openviber_app.ui.shell.components import activity_badge, palette_button


def sidebar_head() -> rx.Component:
    """Return the row above the environment switcher; a phone shows of it that the line is down."""
    return rx.el.div(
        link(logo(), rx.el.span("OpenViber"), href="/", class_name="brand max-md:!hidden"),
        rx.el.span(activity_badge(), class_name="max-md:hidden"),
        rx.el.span(class_name="flex-1"),
        watch(on_change=Workspace.load, class_name="text-amber text-[11px]"),
        rx.el.span(palette_button(), class_name="max-md:hidden"),
        class_name="board-head",
    )
