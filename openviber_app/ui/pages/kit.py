"""Every part of the kit in every state: a page for those who build pages, linked from nowhere."""

import reflex as rx

from openviber_app.ui.kit.buttons import button
from openviber_app.ui.kit.choice import choice
from openviber_app.ui.kit.dialog import host, opens, sheet
from openviber_app.ui.kit.fields import checkbox, field, segmented, select, switch, textarea
from openviber_app.ui.kit.icons import icon
from openviber_app.ui.kit.menu import menu, tooltip
from openviber_app.ui.kit.parts import logo, mark, pill
from openviber_app.ui.kit.signs import avatar, kbd, progress
from openviber_app.ui.kit.surfaces import banner, card, code_block, empty, skeleton, tabs

STATES = {
    "busy": "Preparing",
    "ready": "Ready",
    "warn": "Stale",
    "needs-you": "Waiting for you",
    "failed": "Error",
    "done": "Done",
    "off": "Unmapped",
}
BRANCHES = [{"value": name, "label": name} for name in ("main", "develop", "release/1.4")]


def kit() -> rx.Component:
    """Return the page."""
    return rx.el.main(
        rx.el.h1(logo(), "The kit", class_name="brand text-[18px]"),
        rx.el.div(
            _buttons(), _states(), _fields(), _chosen(), _said(), _over(), class_name="kit-grid"
        ),
        _dialogs(),
        host(),
        class_name="kit-page",
    )


def _row(*children: rx.Component) -> rx.Component:
    return rx.el.div(*children, class_name="flex flex-wrap items-center gap-2 mb-3")


def _buttons() -> rx.Component:
    return card(
        _row(
            button("New thread", kind="primary", icon="plus"),
            button("Edit"),
            button("Cancel", kind="quiet"),
            button("Delete", kind="danger", icon="trash"),
        ),
        _row(
            button("Create", kind="primary", busy="Creating…"),
            button("Run again", small=True, icon="refresh"),
        ),
        _row(button("New thread", why_not="not mapped to a node yet")),
        _row(kbd("Ctrl K"), avatar("Ada"), icon("branch"), icon("star", filled=True)),
        title="Buttons and signs",
    )


def _states() -> rx.Component:
    rows = (
        rx.el.div(
            mark(kind), rx.el.span(word, class_name="w-28"), pill(word, kind),
            class_name="flex items-center gap-3 h-7",
        )
        for kind, word in STATES.items()
    )  # fmt: skip
    return card(
        *rows, rx.el.div(progress(0.64, label="Prepare"), class_name="mt-3"), title="States"
    )


def _fields() -> rx.Component:
    return card(
        rx.el.div(
            field("Name", "name", form="kit", placeholder="checkout-api"),
            field("Branch", "branch", form="kit", help_text="Empty is the default one."),
            rx.el.div(
                rx.el.label("E-mail", html_for="kit-wrong", class_name="label"),
                rx.el.input(
                    id="kit-wrong",
                    class_name="field",
                    default_value="ada",
                    custom_attrs={"aria-invalid": "true", "aria-describedby": "kit-wrong-error"},
                ),
                rx.el.p(
                    "This is not an e-mail address.", id="kit-wrong-error", class_name="field-error"
                ),
            ),
            textarea("Set-up script", "script", form="kit", rows=3, default_value="uv sync"),
            class_name="form",
        ),
        title="Fields",
    )


def _chosen() -> rx.Component:
    return card(
        rx.el.div(
            select("Network", "network", {"off": "Off", "on": "On"}, form="kit"),
            choice("Base branch", "base", BRANCHES, value="main", placeholder="Choose a branch"),
            segmented(
                "Strategy",
                "strategy",
                {"auto": "Auto clone + setup", "existing": "Use existing path"},
                chosen="auto",
            ),
            checkbox("Fast-forward", "forward", help_text="Only when nothing is lost."),
            switch("Persistent volume", "volume", default_checked=True),
            class_name="form",
        ),
        title="Choices",
    )


def _said() -> rx.Component:
    return card(
        rx.el.div(
            banner("A new version of this page is there."),
            banner("The network of studio-01 is slow.", kind="warn"),
            banner("The node refused the command.", kind="error"),
            empty("No threads yet", "Each one works on a branch of its own."),
            skeleton(2),
            code_block("uv tool install openviber", label="The command"),
            class_name="form",
        ),
        title="Said in place",
    )


def _over() -> rx.Component:
    return card(
        _row(
            menu(
                label="Menu",
                items=[
                    {"label": "Settings", "href": "/settings", "icon": "settings"},
                    {"label": "Archive", "note": "Nothing to archive", "isDisabled": True},
                    {"isLine": True},
                    {"label": "Delete", "isDanger": True, "icon": "trash"},
                ],
            ),
            tooltip(button("Hover me", kind="quiet"), text="A few words"),
            button("A dialog", custom_attrs=opens("kit-dialog", node="studio-01")),
            button("A wide dialog", custom_attrs=opens("kit-wide")),
        ),
        tabs("Parts", [("Changes", "/kit"), ("Terminal", "/kit?tab=terminal")], chosen="Changes"),
        title="Over the page",
    )


def _dialogs() -> rx.Component:
    return rx.fragment(
        sheet(
            rx.el.div(
                field("Name", "name", form="dialog"),
                menu(label="More", items=[{"label": "Settings", "href": "/settings"}]),
                button("Another dialog", custom_attrs=opens("kit-wide")),
                class_name="form",
            ),
            id="kit-dialog",
            title="A dialog",
            text="Its name is in the address.",
            action=button("Create", icon="plus"),
        ),
        sheet(rx.el.p("760 px of room."), id="kit-wide", title="A wide dialog", wide=True),
    )
