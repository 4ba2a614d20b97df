"""Creating an environment."""

import reflex as rx

from openviber_app.ui.kit.parts import field, sheet
from openviber_app.ui.live.components import api_form


def new_environment_dialog() -> rx.Component:
    """Return the dialog behind Create environment."""
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
