"""A person's environments below the threads, and as the switcher's dialog lists them."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import link
from openviber_app.ui.sidebar.components import environment_choice, environment_nav


def environments() -> rx.Component:
    """Return the short list: pinned ones first, then by use."""
    return rx.cond(
        Workspace.environments,
        rx.el.nav(
            rx.el.div(
                rx.el.h2("Environments", class_name="flex-1"),
                link("Manage mappings", href="/mappings", class_name="side-manage"),
                link(
                    icon("plus"),
                    href="/environments/new",
                    class_name="btn btn-quiet btn-small btn-icon",
                    custom_attrs={"aria-label": "Create environment"},
                ),
                class_name="environments-head",
            ),
            rx.el.div(environment_nav(rows=Workspace.environments), class_name="side-list"),
            aria_label="Environments",
            class_name="side-environments",
        ),
    )


def environment_list() -> rx.Component:
    """Return what the dialog shows: each environment with what it needs next."""
    return rx.fragment(
        environment_choice(rows=Workspace.environments),
        rx.el.div(
            rx.el.span(
                class_name="mark",
                custom_attrs={
                    "data-kind": rx.cond(Workspace.nodes_online > 0, "online", "off"),
                    "aria-hidden": "true",
                },
            ),
            rx.el.span(Workspace.nodes_words, class_name="flex-1"),
            link("Manage mappings", href="/mappings", class_name="side-manage"),
            class_name="flex items-center gap-2 mt-3 min-h-[30px] text-[12px]",
        ),
    )
