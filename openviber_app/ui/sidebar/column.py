"""The sidebar as a whole: beside every page, and on a phone the first screen."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.sidebar.components import current_environment, thread_list
from openviber_app.ui.sidebar.environments import environments
from openviber_app.ui.sidebar.foot import nodes
from openviber_app.ui.sidebar.switcher import actions, switcher
from openviber_app.ui.sidebar_head import sidebar_head
from openviber_app.ui.user_menu import user_menu


def sidebar(*, is_first_on_phone: bool) -> rx.Component:
    """Return the sidebar; on a phone it is a screen of its own, or hidden behind a thread."""
    shown = "flex" if is_first_on_phone else "hidden md:flex"
    return rx.el.aside(
        rx.el.div(
            sidebar_head(),
            switcher(),
            rx.el.div(user_menu(compact=True), class_name="phone-user"),
            actions(),
            class_name="side-top",
        ),
        rx.cond(
            Workspace.is_loaded,
            _lists(),
            rx.el.div(class_name="side-middle"),  # its place; the lists come where they stay
        ),
        current_environment(
            environment=Workspace.environment.id, current=Workspace.current_environment
        ),
        rx.el.footer(
            nodes(),
            rx.el.div(user_menu(), class_name="flex max-md:hidden"),
            class_name="side-foot",
        ),
        aria_label="Sidebar",
        class_name=f"{shown} side",
    )


def _lists() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Threads", class_name="sr-only"),
        rx.cond(
            Workspace.environment.id,
            thread_list(environment=Workspace.environment.id, name=Workspace.environment.name),
        ),
        environments(),
        class_name="side-middle",
    )
