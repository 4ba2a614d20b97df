"""The sidebar as a whole: beside every page, and on a phone the first screen."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.parts import link, logo
from openviber_app.ui.live.components import api_form, watch
from openviber_app.ui.sidebar.components import current_environment, thread_list
from openviber_app.ui.sidebar.environments import environments
from openviber_app.ui.sidebar.foot import nodes
from openviber_app.ui.sidebar.switcher import actions, switcher


def sidebar(*, is_first_on_phone: bool) -> rx.Component:
    """Return the sidebar; on a phone it is a screen of its own, or hidden behind a thread."""
    shown = "flex" if is_first_on_phone else "hidden md:flex"
    return rx.el.aside(
        rx.el.div(
            _head(),
            switcher(),
            actions(),
            class_name="side-top",
        ),
        rx.el.section(
            rx.el.h2("Threads", class_name="sr-only"),
            rx.cond(
                Workspace.environment.id,
                thread_list(environment=Workspace.environment.id, name=Workspace.environment.name),
            ),
            environments(),
            class_name="side-middle",
        ),
        current_environment(
            environment=Workspace.environment.id, current=Workspace.current_environment
        ),
        rx.el.footer(nodes(), _person(), class_name="side-foot"),
        aria_label="Sidebar",
        class_name=f"{shown} side",
    )


def _head() -> rx.Component:
    return rx.el.div(
        link(logo(), rx.el.span("OpenViber"), href="/", class_name="brand"),
        rx.el.span(class_name="flex-1"),
        watch(on_change=Workspace.load, class_name="text-amber text-[11px]"),
        class_name="flex items-center gap-2 px-1 pb-2 max-md:hidden",
    )


def _person() -> rx.Component:
    return rx.el.div(
        rx.el.span(Workspace.person, class_name="truncate flex-1"),
        api_form(
            action="/api/sessions/current",
            method="DELETE",
            next="/sign-in",
            submit="Sign out",
            busy="Signing out…",
            class_name="text-form",
        ),
        class_name="flex items-center gap-3 px-1 py-1",
    )
