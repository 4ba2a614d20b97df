"""What every page of the board has around it."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.dialogs.add_node import add_node_dialog
from openviber_app.ui.dialogs.environments import environments_dialog
from openviber_app.ui.dialogs.map_node import map_node_dialog
from openviber_app.ui.kit.dialog import host
from openviber_app.ui.kit.parts import link
from openviber_app.ui.shell.components import shell
from openviber_app.ui.sidebar.column import sidebar

COLUMN = "flex flex-1 min-w-0 flex-col h-dvh"
TOP = "flex items-center gap-[10px] min-h-[50px] px-[18px] border-b border-line"


def frame(*, main: rx.Component, is_first_on_phone: bool) -> rx.Component:
    """Return a page: the sidebar, `main` beside it, the dialogs over both."""
    return rx.el.div(
        rx.el.a("Skip to conversation", href="#main", class_name="sr-only focus:not-sr-only"),
        sidebar(is_first_on_phone=is_first_on_phone),
        main,
        environments_dialog(),
        map_node_dialog(),
        add_node_dialog(),
        shell(environment=Workspace.environment.id),
        host(),
        class_name="flex h-dvh overflow-hidden bg-bg",
    )


def back(href: str | rx.Var[str]) -> rx.Component:
    """Return the way back of a phone."""
    return link(
        "←", href=href, class_name="btn btn-quiet md:!hidden", custom_attrs={"aria-label": "Back"}
    )


def only_reads(owner: str | rx.Var[str]) -> rx.Component:
    """Return what stands in the composer's place for whom may only look."""
    return rx.el.p(
        "You can read this environment. Ask ",
        owner,
        " to let you run threads.",
        role="status",
        class_name="only-read",
    )


def missing(noun: str) -> rx.Component:
    """Return what stands in the place of something that is not there."""
    return rx.el.div(
        rx.el.h1(f"There is no such {noun}", class_name="text-[15px] font-semibold mb-1"),
        rx.el.p("It was deleted, or it is not yours.", class_name="text-tx2 mb-4"),
        link("To the board", href="/", class_name="btn"),
        class_name="m-auto p-6",
    )
