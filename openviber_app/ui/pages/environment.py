"""An environment with its nodes, above the composer of its next thread."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.frame import COLUMN, TOP, back, frame, missing
from openviber_app.ui.kit.dialog import opens
from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import link
from openviber_app.ui.live.components import composer
from openviber_app.ui.mapping.components import bindings, standing


def environment() -> rx.Component:
    """Return an environment with its nodes, and the composer of its next thread."""
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(
            rx.cond(Workspace.is_missing, missing("environment"), _body()),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )


def _body() -> rx.Component:
    return rx.fragment(
        _header(),
        rx.el.div(
            rx.el.div(
                rx.el.h2("Nodes", class_name="font-semibold"),
                bindings(environment=Workspace.environment.id),
                class_name="column",
            ),
            class_name="flex-1 overflow-y-auto",
        ),
        rx.cond(
            Workspace.is_usable,
            rx.el.div(
                composer(
                    thread="",
                    environment=Workspace.environment.id,
                    hint="starts a thread; runs as a script",
                    on_created=Workspace.open_thread,
                ),
                class_name="px-4 pb-4",
            ),
        ),
    )


def _header() -> rx.Component:
    """Return the name, how it stands and where, and the two ways to change that."""
    return rx.el.header(
        back("/"),
        rx.el.h1(Workspace.environment.name, class_name="text-[15px] font-semibold truncate"),
        standing(environment=Workspace.environment.id),
        rx.el.span(class_name="flex-1"),
        rx.el.span(Workspace.environment.source, class_name="text-tx3 truncate hidden lg:block"),
        link(
            rx.el.span(icon("edit"), class_name="md:hidden"),
            rx.el.span("Edit", class_name="max-md:sr-only"),
            href=f"/environments/{Workspace.environment.id}/edit",
            class_name="btn btn-small",
        ),
        rx.el.button(
            "Map",
            rx.el.span(" to node", class_name="max-md:sr-only whitespace-pre"),
            type="button",
            custom_attrs=opens("map"),
            class_name="btn btn-small !gap-0",
        ),
        class_name=TOP,
    )
