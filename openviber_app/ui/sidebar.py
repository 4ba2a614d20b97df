"""The sidebar of every page: environments and their threads first, nodes at its foot."""

import reflex as rx

from openviber_app.states.rows import EnvironmentRow, NodeRow, ThreadRow
from openviber_app.states.workspace import Workspace
from openviber_app.ui.kit.parts import link, logo, mark, opens, pill
from openviber_app.ui.live.components import ago, api_form, watch


def sidebar(*, is_first_on_phone: bool) -> rx.Component:
    """Return the sidebar; on a phone it is a screen of its own, or hidden behind a thread."""
    shown = "flex" if is_first_on_phone else "hidden md:flex"
    return rx.el.aside(
        rx.el.div(
            link(logo(), rx.el.span("OpenViber"), href="/", class_name="brand"),
            rx.el.span(class_name="flex-1"),
            watch(on_change=Workspace.load, class_name="text-amber text-[11px]"),
            class_name="flex items-center gap-2 px-1 pb-2",
        ),
        _switcher(),
        _new_thread(),
        rx.el.nav(
            rx.foreach(Workspace.threads, _thread),
            rx.cond(
                Workspace.threads,
                rx.fragment(),
                rx.cond(
                    Workspace.environment.id,
                    rx.el.p(
                        "No threads yet. Each one works on a branch of its own.",
                        class_name="nav-head",
                    ),
                ),
            ),
            aria_label="Threads",
            class_name="flex-1 overflow-y-auto -mx-1 px-1 mt-2 min-h-24",
        ),
        rx.el.nav(
            rx.el.div(
                rx.el.h2("Environments", class_name="nav-head flex-1"),
                rx.el.button(
                    "+",
                    type="button",
                    class_name="btn btn-quiet btn-small",
                    custom_attrs={**opens("new-environment"), "aria-label": "Create environment"},
                ),
                class_name="flex items-center",
            ),
            rx.foreach(Workspace.environments, _environment),
            aria_label="Environments",
            class_name="border-t border-line pt-1 max-h-[32vh] overflow-y-auto hidden md:block",
        ),
        _foot(),
        aria_label="Sidebar",
        class_name=f"{shown} flex-col w-full md:w-[272px] md:shrink-0 bg-panel "
        "md:border-r border-line px-[10px] pt-[10px] pb-2 h-dvh",
    )


def _switcher() -> rx.Component:
    return rx.cond(
        Workspace.environment.id,
        rx.el.button(
            rx.el.span(
                rx.el.span(Workspace.environment.name, class_name="font-semibold truncate flex-1"),
                pill(Workspace.environment.pill, Workspace.environment.mark),
                class_name="flex items-center gap-2 w-full",
            ),
            rx.el.span(Workspace.environment.source, class_name="facts truncate"),
            type="button",
            custom_attrs={**opens("environments"), "aria-label": "Environment switcher"},
            class_name="w-full text-left border border-line2 bg-raise rounded-[9px] px-[10px] py-2",
        ),
    )


def _new_thread() -> rx.Component:
    """Return the one filled button; without a place to run it says what is missing."""
    return rx.cond(
        Workspace.is_loaded,
        rx.cond(
            Workspace.environment.id,
            link(
                "+ New thread",
                href=f"/environments/{Workspace.environment.id}",
                class_name="btn btn-primary w-full mt-2",
            ),
            rx.el.button(
                "Create environment",
                type="button",
                custom_attrs=opens("new-environment"),
                class_name="btn btn-primary w-full mt-2",
            ),
        ),
        rx.el.div(class_name="h-[30px] mt-2"),
    )


def _thread(row: ThreadRow) -> rx.Component:
    return rx.fragment(
        rx.cond(row.heading, rx.el.h2(row.heading, class_name="nav-head")),
        link(
            mark(row.mark),
            rx.el.span(
                rx.el.span(row.title, class_name="block font-medium truncate"),
                rx.el.span(
                    ago(at=row.at),
                    rx.cond(row.node, rx.el.span("· ", row.node)),
                    rx.cond(row.state, rx.el.span("· ", row.state)),
                    class_name="facts",
                ),
                class_name="min-w-0 flex-1",
            ),
            href=f"/threads/{row.id}",
            class_name="nav-row",
            custom_attrs={"aria-current": rx.cond(row.is_selected, "page", "false")},
        ),
    )


def _environment(row: EnvironmentRow) -> rx.Component:
    return link(
        mark(row.mark),
        rx.el.span(
            rx.el.span(row.name, class_name="block truncate"),
            rx.cond(row.note, rx.el.span(row.note, class_name="facts")),
            class_name="min-w-0 flex-1",
        ),
        rx.el.span(row.pill, class_name="sr-only"),
        href=f"/environments/{row.id}",
        class_name="nav-row",
        custom_attrs={"aria-current": rx.cond(row.is_selected, "true", "false")},
    )


def environment_list() -> rx.Component:
    """Return the environments as the switcher's sheet lists them."""
    return rx.el.nav(
        rx.foreach(Workspace.environments, _environment), aria_label="Choose an environment"
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.el.details(
            rx.el.summary(
                mark(rx.cond(Workspace.nodes_online > 0, "online", "off")),
                rx.el.span(
                    Workspace.nodes_online,
                    rx.cond(Workspace.nodes_online == 1, " node online", " nodes online"),
                ),
                rx.cond(
                    Workspace.nodes_offline > 0,
                    rx.el.span("· ", Workspace.nodes_offline, " offline", class_name="text-tx3"),
                ),
                class_name="flex items-center gap-2 py-1 px-1",
            ),
            rx.foreach(Workspace.nodes, _node),
            rx.el.button(
                "+ Add node",
                type="button",
                custom_attrs=opens("add-node"),
                class_name="btn btn-quiet btn-small",
            ),
        ),
        rx.el.div(
            rx.el.span(Workspace.person, class_name="truncate flex-1"),
            rx.el.a("API", href="/api/openapi.json", target="_blank", class_name="text-tx3"),
            rx.el.button(
                "Theme",
                type="button",
                on_click=rx.toggle_color_mode,
                class_name="text-tx3",
                custom_attrs={"aria-label": "Switch between light and dark"},
            ),
            api_form(
                action="/api/sessions/current",
                method="DELETE",
                next="/sign-in",
                submit="Sign out",
                busy="Signing out…",
                class_name="text-form",
            ),
            class_name="flex items-center gap-3 px-1 py-1",
        ),
        class_name="border-t border-line mt-2 -mx-[10px] px-[12px] pt-2",
    )


def _node(row: NodeRow) -> rx.Component:
    return rx.el.div(
        mark(row.mark),
        rx.el.span(
            rx.el.span(row.name, class_name="block font-medium truncate"),
            rx.el.span(
                rx.el.span(row.link),
                rx.cond(row.changed_at, ago(at=row.changed_at)),
                rx.cond(row.facts, rx.el.span("· ", row.facts)),
                class_name="facts",
            ),
            class_name="min-w-0 flex-1",
        ),
        class_name="nav-row",
    )
