"""The first screen: on a phone the list, elsewhere the list beside a welcome."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.frame import frame
from openviber_app.ui.kit.parts import link


def home() -> rx.Component:
    """Return the first screen: on a phone the list, elsewhere the list beside a welcome."""
    return frame(
        is_first_on_phone=True,
        main=rx.el.main(
            rx.cond(
                Workspace.is_loaded,
                rx.cond(Workspace.environment.id, _choose(), _welcome()),
                rx.el.h1("OpenViber", class_name="sr-only"),
            ),
            id="main",
            tab_index=-1,
            class_name="sr-only md:not-sr-only md:grid md:flex-1 md:place-items-center md:h-dvh",
        ),
    )


def _welcome() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Nothing here yet", class_name="text-[15px] font-semibold mb-1"),
        rx.el.p(
            "An environment is a repository with its set-up. Create one, map it to a node, and "
            "run threads in it.",
            class_name="text-tx2 mb-4",
        ),
        link("Create environment", href="/environments/new", class_name="btn max-md:!hidden"),
        class_name="max-w-sm p-6",
    )


def _choose() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Choose a thread", class_name="text-[15px] font-semibold mb-1"),
        rx.el.p("Or start one with New thread.", class_name="text-tx2"),
        class_name="p-6",
    )
