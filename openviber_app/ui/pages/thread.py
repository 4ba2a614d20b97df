"""A thread: its timeline above its composer."""

import reflex as rx

from openviber_app.states.workspace import Workspace
from openviber_app.ui.frame import COLUMN, TOP, back, frame, missing
from openviber_app.ui.kit.parts import mark
from openviber_app.ui.live.components import composer, timeline


def thread() -> rx.Component:
    """Return a thread with its timeline and its composer."""
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(
            rx.cond(Workspace.is_missing, missing("thread"), _body()),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )


def _body() -> rx.Component:
    return rx.cond(
        Workspace.thread.id,
        rx.fragment(
            rx.el.header(
                back("/"),
                mark(Workspace.thread.mark),
                rx.el.h1(Workspace.thread.title, class_name="text-[15px] font-semibold truncate"),
                rx.cond(
                    Workspace.thread.state,
                    rx.el.span(Workspace.thread.state, class_name="text-tx2 whitespace-nowrap"),
                ),
                rx.el.span(class_name="flex-1"),
                rx.el.span(
                    Workspace.thread.branch,
                    rx.cond(Workspace.thread.node, rx.el.span(" · ", Workspace.thread.node)),
                    class_name="text-tx3 text-[11px] truncate hidden md:block",
                ),
                class_name=TOP,
            ),
            timeline(thread=Workspace.thread.id, class_name="flex-1 overflow-y-auto"),
            rx.cond(
                Workspace.thread.waits_for,
                rx.el.p(
                    Workspace.thread.waits_for,
                    role="status",
                    class_name="text-amber text-center pb-2 px-4",
                ),
            ),
            rx.el.div(composer(thread=Workspace.thread.id, environment=""), class_name="px-4 pb-4"),
        ),
    )
