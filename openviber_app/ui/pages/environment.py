"""An environment with its nodes, above the composer of its next thread."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.dialogs.share import share_dialog
from openviber_app.ui.frame import COLUMN, TOP, back, frame, missing, only_reads
from openviber_app.ui.kit.dialog import opens
from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import link
from openviber_app.ui.live.components import composer
from openviber_app.ui.mapping.components import bindings, standing
from openviber_app.ui.sharing.components import leave


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
                rx.cond(
                    Workspace.environment.shared_by,
                    rx.el.p(
                        "Shared by ", Workspace.environment.shared_by, class_name="facts md:hidden"
                    ),
                ),
                rx.el.h2("Nodes", class_name="font-semibold"),
                bindings(
                    environment=Workspace.environment.id,
                    can_run=Workspace.environment.can_run,
                    can_edit=Workspace.environment.can_edit,
                    shared_by=Workspace.environment.shared_by,
                ),
                class_name="column",
            ),
            class_name="flex-1 overflow-y-auto",
        ),
        share_dialog(),
        rx.cond(
            Workspace.environment.can_run,
            rx.fragment(),
            rx.el.div(only_reads(Workspace.environment.shared_by), class_name="px-4 pb-4"),
        ),
        rx.cond(
            Workspace.is_usable & Workspace.environment.can_run,
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
        rx.cond(
            Workspace.environment.shared_by,
            rx.el.span(
                "Shared by ",
                Workspace.environment.shared_by,
                class_name="pill pill-plain max-md:!hidden",
            ),
        ),
        link(
            rx.el.span(
                rx.cond(Workspace.environment.can_edit, icon("edit"), icon("info")),
                class_name="md:hidden",
            ),
            rx.el.span(
                rx.cond(Workspace.environment.can_edit, "Edit", "Details"),
                class_name="max-md:sr-only",
            ),
            href=f"/environments/{Workspace.environment.id}/edit",
            class_name="btn btn-small",
        ),
        rx.cond(
            Workspace.environment.shared_by,
            leave(environment=Workspace.environment.id, name=Workspace.environment.name),
            rx.fragment(
                rx.el.button(
                    rx.el.span(icon("user"), class_name="md:hidden"),
                    rx.el.span("Share", class_name="max-md:sr-only"),
                    type="button",
                    custom_attrs=opens("share"),
                    class_name="btn btn-small",
                ),
                rx.el.button(
                    "Map",
                    rx.el.span(" to node", class_name="max-md:sr-only whitespace-pre"),
                    type="button",
                    custom_attrs=opens("map"),
                    class_name="btn btn-small !gap-0",
                ),
            ),
        ),
        class_name=TOP,
    )
