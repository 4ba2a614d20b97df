"""Which environment one is in, and the way to another or to a new thread."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.parts import opens, pill
from openviber_app.ui.sidebar.components import new_thread


def switcher() -> rx.Component:
    """Return the card of the selected environment; it opens the list of all."""
    row = Workspace.environment
    return rx.cond(
        row.id,
        rx.el.button(
            rx.el.span(
                rx.el.span(row.name, class_name="switcher-name truncate"),
                rx.el.span(class_name="hidden max-md:block flex-1"),
                pill(row.pill, row.mark),
                icon("chevron-down"),
                class_name="flex items-center gap-2 w-full",
            ),
            rx.el.span(
                row.source,
                rx.cond(row.node, rx.fragment(" · ", row.node)),
                rx.cond(row.shared_by, rx.fragment(" · shared by ", row.shared_by)),
                class_name="switcher-facts",
            ),
            type="button",
            custom_attrs={**opens("environments"), "aria-label": "Environment switcher"},
            class_name="switcher",
        ),
        rx.cond(Workspace.is_loaded, rx.fragment(), rx.el.div(class_name="switcher invisible")),
    )


def actions() -> rx.Component:
    """Return the one filled button, on a phone beside the way to the environments."""
    return rx.el.div(
        rx.cond(
            Workspace.is_loaded,
            new_thread(
                environment=Workspace.environment.id,
                is_mapped=Workspace.environment.is_mapped,
                shared_by=Workspace.environment.shared_by,
                can_run=Workspace.environment.can_run,
            ),
            rx.el.div(class_name="btn invisible flex-1"),
        ),
        rx.el.button(
            icon("list", size=18),
            type="button",
            custom_attrs={**opens("environments"), "aria-label": "Environments"},
            class_name="btn btn-icon md:!hidden",
        ),
        class_name="side-actions",
    )
