"""The set-up page and the sign-in page: both work before any state is loaded."""

import reflex as rx

from openviber_app.ui.kit.parts import field, logo
from openviber_app.ui.live.components import api_form


def _door(title: str, text: str, form: rx.Component) -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.div(logo(), rx.el.span("OpenViber"), class_name="brand mb-6"),
            rx.el.h1(title, class_name="text-[18px] font-semibold mb-1"),
            rx.el.p(text, class_name="text-tx2 mb-5"),
            form,
            class_name="door",
        ),
        class_name="min-h-dvh grid place-items-center p-4",
    )


def setup() -> rx.Component:
    """Return the page that makes the owner's account."""
    return _door(
        "Set up your board",
        "You are the first one here. This makes the account that owns the board.",
        api_form(
            field(
                "Set-up code",
                "code",
                required=True,
                auto_focus=True,
                auto_complete="off",
                placeholder="XXXX-XXXX-XXXX-XXXX",
                help_text="Printed where the board was started. It works once.",
            ),
            field("Your name", "name", required=True, auto_complete="name"),
            field("E-mail", "email", type="email", required=True, auto_complete="username"),
            field(
                "Password",
                "password",
                type="password",
                required=True,
                auto_complete="new-password",
                help_text="At least 10 characters.",
            ),
            action="/api/setup",
            next="/",
            submit="Create account",
            busy="Creating…",
            class_name="form",
        ),
    )


def sign_in() -> rx.Component:
    """Return the page for people with an account."""
    return _door(
        "Sign in",
        "To the board on this address.",
        api_form(
            field(
                "E-mail",
                "email",
                type="email",
                required=True,
                auto_focus=True,
                auto_complete="username",
            ),
            field(
                "Password",
                "password",
                type="password",
                required=True,
                auto_complete="current-password",
            ),
            action="/api/sessions",
            next="/",
            submit="Sign in",
            busy="Signing in…",
            class_name="form",
        ),
    )
