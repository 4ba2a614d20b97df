"""The board's main page: empty, on an environment, or on a thread."""

import reflex as rx

from openviber_app.states.rows import BindingRow, NodeRow
from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.parts import field, link, mark, opens, pill, sheet
from openviber_app.ui.live.components import api_form, composer, log_view, timeline
from openviber_app.ui.sidebar import environment_list, sidebar

COLUMN = "flex flex-1 min-w-0 flex-col h-dvh"
TOP = "flex items-center gap-[10px] min-h-[50px] px-[18px] border-b border-line"


def _page(*, main: rx.Component, is_first_on_phone: bool) -> rx.Component:
    return rx.el.div(
        rx.el.a("Skip to conversation", href="#main", class_name="sr-only focus:not-sr-only"),
        sidebar(is_first_on_phone=is_first_on_phone),
        main,
        _environments_sheet(),
        _new_environment_sheet(),
        _map_sheet(),
        _add_node_sheet(),
        class_name="flex h-dvh overflow-hidden bg-bg",
    )


def _back(href: str | rx.Var[str]) -> rx.Component:
    return link(
        "←", href=href, class_name="btn btn-quiet md:!hidden", custom_attrs={"aria-label": "Back"}
    )


# ------------------------------------------------------------------------------ the pages


def home() -> rx.Component:
    """Return the first screen: on a phone the list, elsewhere the list beside a welcome."""
    return _page(
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
        rx.el.button(
            "Create environment",
            type="button",
            custom_attrs=opens("new-environment"),
            class_name="btn max-md:hidden",
        ),
        class_name="max-w-sm p-6",
    )


def _choose() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Choose a thread", class_name="text-[15px] font-semibold mb-1"),
        rx.el.p("Or start one with New thread.", class_name="text-tx2"),
        class_name="p-6",
    )


def environment() -> rx.Component:
    """Return an environment with its nodes, and the composer of its next thread."""
    return _page(
        is_first_on_phone=False,
        main=rx.el.main(
            rx.cond(Workspace.is_missing, _missing("environment"), _environment_body()),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )


def _environment_body() -> rx.Component:
    return rx.fragment(
        rx.el.header(
            _back("/"),
            rx.el.h1(Workspace.environment.name, class_name="text-[15px] font-semibold truncate"),
            rx.cond(
                Workspace.environment.id,
                pill(Workspace.environment.pill, Workspace.environment.mark),
            ),
            rx.el.span(class_name="flex-1"),
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


def thread() -> rx.Component:
    """Return a thread with its timeline and its composer."""
    return _page(
        is_first_on_phone=False,
        main=rx.el.main(
            rx.cond(Workspace.is_missing, _missing("thread"), _thread_body()),
            id="main",
            tab_index=-1,
            class_name=COLUMN,
        ),
    )


def _thread_body() -> rx.Component:
    return rx.cond(
        Workspace.thread.id,
        rx.fragment(
            rx.el.header(
                _back("/"),
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


def _missing(noun: str) -> rx.Component:
    return rx.el.div(
        rx.el.h1(f"There is no such {noun}", class_name="text-[15px] font-semibold mb-1"),
        rx.el.p("It was deleted, or it is not yours.", class_name="text-tx2 mb-4"),
        link("To the board", href="/", class_name="btn"),
        class_name="m-auto p-6",
    )


# ------------------------------------------------------------------------------ the sheets


def _environments_sheet() -> rx.Component:
    return sheet(
        environment_list(),
        rx.el.button(
            "+ Create",
            type="button",
            custom_attrs=opens("new-environment"),
            class_name="btn w-full mt-3",
        ),
        id="environments",
        title="Environments",
    )


def _new_environment_sheet() -> rx.Component:
    return sheet(
        api_form(
            field("Name", "name", required=True, auto_complete="off"),
            field(
                "Git repository",
                "repoUrl",
                required=True,
                auto_complete="off",
                placeholder="https://github.com/acme/checkout-api",
                help_text="An https or ssh address. Private ones need a token, set by the API.",
            ),
            field("Branch", "repoBranch", auto_complete="off", placeholder="the default one"),
            action="/api/environments",
            extra={"type": "github", "setupMode": "auto"},
            next="/environments/{id}",
            submit="Create environment",
            busy="Creating…",
            class_name="form",
        ),
        id="new-environment",
        title="Create environment",
    )


def _map_sheet() -> rx.Component:
    return sheet(
        rx.cond(
            Workspace.nodes,
            api_form(
                rx.el.fieldset(
                    rx.el.legend("Node", class_name="label"),
                    rx.foreach(Workspace.nodes, _node_choice),
                ),
                action=f"/api/environments/{Workspace.environment.id}/bindings",
                submit="Prepare environment",
                busy="Asking the node…",
                class_name="form",
            ),
            rx.el.p("There is no node yet.", class_name="text-tx2"),
        ),
        id="map",
        title="Map to node",
    )


def _add_node_sheet() -> rx.Component:
    return sheet(
        rx.el.p(
            "Makes a one-time command for another machine; it works once, for 15 minutes. The "
            "machine needs Python 3.11, and must reach this board.",
            class_name="text-tx2 mb-3",
        ),
        api_form(
            field(
                "Name",
                "name",
                form="node",
                required=True,
                auto_complete="off",
                placeholder="studio-02",
            ),
            action="/api/nodes/tokens",
            reveal="commands.install",
            submit="Make the command",
            busy="Making it…",
            class_name="form",
        ),
        id="add-node",
        title="Add node",
    )


def _node_choice(row: NodeRow) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="nodeId", value=row.id, required=True),
        mark(row.mark),
        rx.el.span(
            rx.el.span(row.name, class_name="block font-medium"),
            rx.el.span(rx.el.span(row.link), rx.el.span(row.facts), class_name="facts"),
        ),
        class_name="nav-row",
    )
