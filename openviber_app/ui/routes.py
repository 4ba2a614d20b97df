"""Which page is at which address."""

import reflex as rx

from openviber_app.states.nodes import Nodes
from openviber_app.states.session import Door
from openviber_app.states.workspace import Workspace
from openviber_app.ui.pages import (
    door,
    environment,
    environment_form,
    home,
    kit,
    mappings,
    nodes,
    settings,
    thread,
)

DESCRIPTION = "Threads of coding-agent work, in environments on your own machines."
META = [
    {"name": "color-scheme", "content": "light dark"},
    {"name": "theme-color", "content": "#fcfcfd", "media": "(prefers-color-scheme: light)"},
    {"name": "theme-color", "content": "#101014", "media": "(prefers-color-scheme: dark)"},
]


def add_pages(app: rx.App) -> None:
    """Give the application its pages."""
    pages = (
        (door.setup, "/setup", "Set up", Door.enter_setup),
        (door.sign_in, "/sign-in", "Sign in", Door.enter_sign_in),
        (door.join, "/join", "Join", Door.enter_by_link),
        (door.reset, "/reset", "New password", Door.enter_by_link),
        (home.home, "/", "Board", Workspace.load),
        (environment.environment, "/environments/[environment]", "Environment", Workspace.load),
        (
            environment_form.new_environment,
            "/environments/new",
            "New environment",
            Workspace.load,
        ),
        (
            environment_form.edit_environment,
            "/environments/[environment]/edit",
            "Edit environment",
            Workspace.load,
        ),
        (nodes.nodes, "/nodes", "Nodes", [Workspace.load, Nodes.load]),
        (settings.settings, "/settings", "Settings", Workspace.load),
        (kit.kit, "/kit", "Kit", Workspace.load),
        (thread.thread, "/threads/[thread]", "Thread", Workspace.load),
        (mappings.mappings_page, "/mappings", "Mappings", Workspace.load),
    )
    for component, route, title, on_load in pages:
        app.add_page(
            component,
            route=route,
            title=f"{title} · OpenViber",
            description=DESCRIPTION,
            image="/favicon.svg",
            on_load=on_load,
            meta=META,
        )
