"""The first screen: the first steps on an empty board, later what went on and what comes next."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.first.components import first_steps, recent_threads
from openviber_app.ui.frame import frame, only_reads
from openviber_app.ui.kit.parts import link, logo, mark, pill
from openviber_app.ui.live.components import api_form, composer


def home() -> rx.Component:
    """Return the first screen: on a phone the list of threads, unless there is nothing to list."""
    return frame(
        is_first_on_phone=True,
        main=rx.el.main(
            rx.cond(
                Workspace.is_loaded,
                rx.cond(Workspace.environment.id, _next(), _welcome()),
                rx.el.h1("OpenViber", class_name="sr-only"),
            ),
            id="main",
            tab_index=-1,
            class_name="home",
        ),
    )


def _welcome() -> rx.Component:
    return rx.el.div(
        rx.el.header(
            rx.el.div(logo(), rx.el.span("OpenViber"), class_name="brand flex-1"),
            api_form(
                action="/api/sessions/current",
                method="DELETE",
                next="/sign-in",
                submit="Sign out",
                busy="Signing out…",
                class_name="text-form",
            ),
            class_name="first-top",
        ),
        rx.el.h1("What shall your threads work on?"),
        rx.el.p(
            "A thread runs in an environment: a repository with its set-up, on a machine of yours.",
            class_name="first-text",
        ),
        first_steps(node=rx.cond(Workspace.nodes, Workspace.nodes[0].name, "")),
        rx.el.p(
            mark(rx.cond(Workspace.nodes_online > 0, "online", "off")),
            Workspace.nodes_words,
            class_name="first-nodes",
        ),
        class_name="first-visit",
    )


def _next() -> rx.Component:
    row = Workspace.environment
    return rx.el.div(
        rx.el.div(
            rx.el.h1("What is next in ", row.name, "?"),
            pill(row.pill, row.mark),
            class_name="home-head",
        ),
        rx.cond(
            Workspace.is_usable & row.can_run,
            composer(
                thread="",
                environment=row.id,
                hint="starts a thread; runs as a script",
                on_created=Workspace.open_thread,
            ),
            rx.cond(
                row.can_run,
                rx.el.div(
                    rx.el.p(_why_not()),
                    link("To its nodes", href=f"/environments/{row.id}", class_name="btn"),
                    class_name="home-rest",
                ),
                only_reads(row.shared_by),
            ),
        ),
        recent_threads(),
        class_name="home-column",
    )


def _why_not() -> rx.Var[str]:
    return rx.cond(
        Workspace.bindings,
        "Its set-up failed everywhere it was tried; a thread needs one place where it works.",
        "It is not on any node yet: map it to one, and threads can run in it.",
    )
