"""An environment with its nodes, above the composer of its next thread."""

import reflex as rx

from openviber_app.states.rows import BindingRow
from openviber_app.states.workspace import Workspace
from openviber_app.ui.frame import COLUMN, TOP, back, frame, missing
from openviber_app.ui.kit.parts import link, mark, opens, pill
from openviber_app.ui.live.components import api_form, composer, log_view


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
        rx.el.header(
            back("/"),
            rx.el.h1(Workspace.environment.name, class_name="text-[15px] font-semibold truncate"),
            rx.cond(
                Workspace.environment.id,
                pill(Workspace.environment.pill, Workspace.environment.mark),
            ),
            rx.el.span(class_name="flex-1"),
            link(
                "Edit",
                href=f"/environments/{Workspace.environment.id}/edit",
                class_name="btn btn-quiet btn-small",
            ),
            rx.el.span(
                Workspace.environment.source, class_name="text-tx3 truncate hidden md:block"
            ),
            class_name=TOP,
        ),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h2("Nodes", class_name="font-semibold flex-1"),
                    rx.el.button(
                        "Map to node",
                        type="button",
                        custom_attrs=opens("map"),
                        class_name="btn btn-small",
                    ),
                    class_name="flex items-center",
                ),
                rx.foreach(Workspace.bindings, _binding),
                rx.cond(
                    Workspace.bindings,
                    rx.fragment(),
                    rx.cond(
                        Workspace.is_loaded,
                        rx.el.p(
                            "Not on any node yet. Map it to one: it is cloned and set up there, "
                            "and then threads can run in it.",
                            class_name="text-tx2",
                        ),
                    ),
                ),
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


def _binding(row: BindingRow) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            mark(row.mark),
            rx.el.span(row.node, class_name="font-medium"),
            rx.el.span(row.phase, class_name="text-tx3"),
            rx.el.span(class_name="flex-1"),
            pill(row.pill, row.mark),
            rx.cond(
                row.is_going_on,
                api_form(
                    action=f"/api/prepares/{row.prepare_id}/cancel",
                    submit="Cancel",
                    busy="Cancelling…",
                    class_name="inline-form",
                ),
                api_form(
                    action=f"/api/bindings/{row.id}/prepares",
                    submit="Prepare again",
                    busy="Asking…",
                    class_name="inline-form",
                ),
            ),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.cond(row.note, rx.el.p(row.note, class_name="text-tx2 break-words")),
        rx.cond(
            row.prepare_id,
            rx.el.details(
                rx.el.summary("Log of the set-up", class_name="text-tx2 py-1"),
                log_view(
                    execution=row.prepare_id,
                    href=f"/api/prepares/{row.prepare_id}/log",
                    label="Log of the set-up",
                ),
                open=row.is_going_on | (row.pill == "Error"),
            ),
        ),
        aria_label=row.node,
        class_name="border border-line rounded-[10px] bg-raise p-3 flex flex-col gap-2",
    )
